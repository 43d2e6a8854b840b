import type { Context } from "hono";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { LOCAL_ID } from "../../backends/local-id.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { listLocalSandboxes, localSandbox } from "../local-sandboxes.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { Problem } from "./problems.ts";

/** What a call is about: one sandbox (`/sandboxes/{name}/v1`), or all of this machine's (`/v1`). */
export type Scope = { sandbox: Sandbox | null };

export async function scopeOf(services: Services, context: Context<AppEnv>): Promise<Scope> {
  const name = context.req.param("sandbox");
  return { sandbox: name === undefined ? null : await localSandbox(services, name) };
}

/** Where a question without a sandbox is asked: the one used last of those that run; null when none does. */
export async function runningSandbox(services: Services, { sandbox }: Scope): Promise<Sandbox | null> {
  if (sandbox) return sandbox;
  return (await listLocalSandboxes(services, ["running"]))[0] ?? null;
}

/** Where a new session goes: the one asked for, else the only one that runs, else one made for it. */
export async function sandboxForSession(
  services: Services,
  scope: Scope,
  wanted: string | null,
  agent: string,
): Promise<Sandbox> {
  if (scope.sandbox) return scope.sandbox;
  if (wanted !== null) return localSandbox(services, wanted);
  const running = await listLocalSandboxes(services, ["running"]);
  const [only] = running;
  if (only && running.length === 1) return only;
  const { row, done } = await services.fleet.create(
    SandboxSpec.parse({ backend_id: LOCAL_ID, agent_provider: agent }),
  );
  await done;
  const made = await services.fleet.read(row.id);
  if (made.state === "running") return made;
  throw new Problem(502, "stream_error", `stream error: ${made.state_detail ?? "the sandbox did not start"}`);
}
