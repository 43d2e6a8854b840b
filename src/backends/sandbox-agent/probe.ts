import { BackendError } from "#src/backends/backend-error.ts";
import type { UpstreamSession } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { outcomeError } from "./errors.ts";
import { startAgent } from "./open.ts";
import { createRpc, type RpcTiming } from "./rpc.ts";
import { Instances, SessionList } from "./wire.ts";

/** Agents whose process outlives its instance (spec 3.6): asking one that nobody uses would leave a process behind. */
const LINGERING = new Set(["codex"]);

/** How long a list stands while no other client comes: each costs the start of an agent, seconds and half a GB. */
const STANDS_MS = 2 * 60_000;

type ProbeConfig = {
  http: Http;
  random: () => number;
  timing: RpcTiming;
  now: () => number;
  /** Whether an instance is one of ours: what it has made is known. */
  isOwn: (server_id: string) => boolean;
};

/** What an agent's process listed, and when and beside which instances of other clients. */
type Listed = { sessions: UpstreamSession[]; at: number; others: string };

export type SessionProbe = (signal: AbortSignal, fresh: boolean) => Promise<UpstreamSession[]>;

/**
 * Lists the sessions that agents have stored, asked of a short-lived process of each agent that is in use on the server.
 * The server itself knows no sessions, and a process of an agent nobody uses is too dear for a list. Unless it is to be
 * `fresh`, an agent is asked again only when another client has come or its list is old.
 */
export function createSessionProbe(config: ProbeConfig): SessionProbe {
  const listed = new Map<string, Listed>();

  return async (signal, fresh) => {
    const { servers } = await config.http.json({ path: "/v1/acp", signal }, Instances);
    const agents = [...new Set(servers.map(({ agent }) => agent))].filter((agent) => !LINGERING.has(agent));
    const found = await Promise.all(
      agents.map(async (agent) => {
        const others = servers
          .filter((server) => server.agent === agent && !config.isOwn(server.serverId))
          .map(({ serverId }) => serverId)
          .toSorted()
          .join(" ");
        const at = config.now();
        const known = listed.get(agent);
        if (known && !fresh && known.others === others && at - known.at < STANDS_MS) return known.sessions;
        const sessions = await probeAgent(config, agent, signal);
        listed.set(agent, { sessions, at, others });
        return sessions;
      }),
    );
    return found.flat();
  };
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

/** What OpenCode calls a session until its first prompt has given it a title. */
const NO_TITLE = /^New session - \d{4}-\d\d-\d\dT/;

function sessionsOf(agent: string, result: unknown): UpstreamSession[] {
  const sessions = SessionList.safeParse(result).data?.sessions ?? [];
  return sessions.map(({ sessionId, cwd, title, updatedAt }) => ({
    ref: sessionId,
    agent,
    title: title && !NO_TITLE.test(title) ? title : null,
    state: "active",
    created_at: null,
    updated_at: updatedAt ?? null,
    metadata: cwd ? { directory: cwd } : {},
  }));
}
