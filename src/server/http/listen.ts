import { once } from "node:events";
import type { ServerType } from "@hono/node-server";
import type { Config } from "../config.ts";

/** The port cannot be had; the message says what to do. */
export class PortError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "PortError";
  }
}

/** Resolves once the server accepts connections. @throws PortError when the port is taken or forbidden. */
export async function listen(
  start: () => ServerType,
  { host, port }: Pick<Config, "host" | "port">,
): Promise<ServerType> {
  const server = start();
  try {
    if (!server.listening) await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE") {
      throw new PortError(
        `Port ${port} on ${host} is taken. Stop what uses it, or start with --port ${port + 1}.`,
        error,
      );
    }
    if (code === "EACCES")
      throw new PortError(`Port ${port} may not be opened by this user. Choose one above 1023.`, error);
    if (code === "EADDRNOTAVAIL")
      throw new PortError(`${host} is no address of this machine. Check --host.`, error);
    throw error;
  }
  return server;
}

/** Where a server listens; null before it does. */
export function addressOf(server: ServerType | null): { host: string; port: number } | null {
  const address = server?.address();
  return typeof address === "object" && address !== null
    ? { host: address.address, port: address.port }
    : null;
}

/** Ends the server: open responses are cut, since streams would never end by themselves. */
export async function closeServer(server: ServerType | null): Promise<void> {
  if (!server?.listening) return;
  const closed = once(server, "close");
  server.close();
  if ("closeAllConnections" in server) server.closeAllConnections();
  await closed;
}
