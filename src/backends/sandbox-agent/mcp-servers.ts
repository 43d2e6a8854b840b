import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";

const Pairs = z.record(z.string(), z.string()).default({});
const Enabled = z.boolean().default(true);

/** MCP servers as Sandbox Agent 0.1 and its config files write them (its REST spec, section 5): by name. */
const Servers = z.record(
  z.string(),
  z.union([
    z.object({
      command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
      args: z.array(z.string()).default([]),
      env: Pairs,
      environment: Pairs.describe("another name of `env`"),
      enabled: Enabled,
    }),
    z.object({
      url: z.string().min(1),
      headers: Pairs,
      transport: z.enum(["http", "sse"]).default("http"),
      enabled: Enabled,
    }),
  ]),
);

/**
 * The `mcpServers` of `session/new` and `session/load`: a list is ACP's own form and stays as it is, an object names
 * servers as the older API does; those that are not enabled are left out.
 * @throws BackendError `invalid_request` for anything else
 */
export function mcpServers(given: unknown): unknown[] {
  if (given === undefined || given === null) return [];
  if (Array.isArray(given)) return given;
  const { data } = Servers.safeParse(given);
  if (!data) {
    throw new BackendError(
      "invalid_request",
      "MCP servers are an object of names, each with a command or a url.",
    );
  }
  return Object.entries(data).flatMap(([name, server]): unknown[] => {
    if (!server.enabled) return [];
    if ("url" in server) {
      const { url, headers, transport } = server;
      return [{ type: transport, name, url, headers: pairs(headers) }];
    }
    const [command, ...first] = [server.command].flat();
    return [
      {
        name,
        command,
        args: [...first, ...server.args],
        env: pairs({ ...server.environment, ...server.env }),
      },
    ];
  });
}

function pairs(record: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}
