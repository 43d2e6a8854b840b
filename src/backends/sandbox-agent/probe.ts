import { BackendError } from "#src/backends/backend-error.ts";
import type { UpstreamSession } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { outcomeError } from "./errors.ts";
import { startAgent } from "./open.ts";
import { createRpc, type RpcTiming } from "./rpc.ts";
import { Instances, SessionList } from "./wire.ts";

/** Agents whose process outlives its instance (spec 3.6): asking one that nobody uses would leave a process behind. */
const LINGERING = new Set(["codex"]);

type ProbeConfig = { http: Http; random: () => number; timing: RpcTiming };

/**
 * The sessions that agents have stored, asked of a short-lived process of each agent that is in use on the server. The
 * server itself knows no sessions, and a process of an agent nobody uses is too dear for a list.
 */
export async function probeSessions(config: ProbeConfig, signal: AbortSignal): Promise<UpstreamSession[]> {
  const { servers } = await config.http.json({ path: "/v1/acp", signal }, Instances);
  const agents = [...new Set(servers.map(({ agent }) => agent))].filter((agent) => !LINGERING.has(agent));
  const found = await Promise.all(agents.map((agent) => probeAgent(config, agent, signal)));
  return found.flat();
}

async function probeAgent(
  { http, random, timing }: ProbeConfig,
  agent: string,
  signal: AbortSignal,
): Promise<UpstreamSession[]> {
  const ignore = (): void => {};
  const rpc = createRpc({
    http,
    server_id: crypto.randomUUID(),
    random,
    timing,
    onMessage: ignore,
    onJunk: ignore,
    onGap: ignore,
    onDead: ignore,
  });
  try {
    const capabilities = await startAgent(rpc, agent, signal);
    if (!capabilities.sessionCapabilities?.list) return [];
    rpc.follow(null);
    const result = await new Promise((resolve, reject) => {
      rpc.send("session/list", {}, (outcome) => {
        if (outcome.kind === "result") resolve(outcome.result);
        else reject(outcomeError(outcome));
      });
    });
    return sessionsOf(agent, result);
  } catch (error) {
    // One agent that cannot start hides its own sessions, not those of the others.
    if (!(error instanceof BackendError) || error.code === "unauthorized") throw error;
    return [];
  } finally {
    rpc.stop();
    await rpc.remove();
  }
}

function sessionsOf(agent: string, result: unknown): UpstreamSession[] {
  const sessions = SessionList.safeParse(result).data?.sessions ?? [];
  return sessions.map(({ sessionId, cwd, title, updatedAt }) => ({
    ref: sessionId,
    agent,
    title: title ?? null,
    state: "active",
    created_at: null,
    updated_at: updatedAt ?? null,
    metadata: cwd ? { directory: cwd } : {},
  }));
}
