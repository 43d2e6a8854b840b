import type { Backend, BackendCheck, SessionLink, UpstreamSession } from "#src/backends/backend.ts";
import { agentName, oneSandbox, serverWord } from "#src/backends/shared/agent-server.ts";
import { createFiles } from "#src/backends/shared/agent-server-files.ts";
import { stateOfFailure } from "#src/backends/shared/check-state.ts";
import { createHttp, type Fetch, type Http } from "#src/backends/shared/http.ts";
import { defaultBackoff } from "#src/backends/shared/retry.ts";
import type { Agent } from "#src/domain/agent.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { isNoRoute, refine } from "./errors.ts";
import type { FollowTiming } from "./follow.ts";
import { type Features, openSession, readOffered } from "./open.ts";
import { newSessionOptions } from "./options.ts";
import type { ReaderTiming } from "./reader.ts";
import { defaultSilence } from "./turn-end.ts";
import { Agents, Health, Ignored, type SessionInfo, Sessions } from "./wire.ts";

export type SandboxAgentRestConfig = {
  url: string;
  token: string | null;
  fetch?: Fetch;
  /** Uniform in [0, 1); spreads reconnects. */
  random?: () => number;
  /** Milliseconds since the epoch. */
  now?: () => number;
  timing?: Partial<FollowTiming & ReaderTiming>;
};

const NOT_THIS_API =
  "The server has no `/v1/sessions`. Connect a server of 0.2 or later as the kind `sandbox_agent`.";

const defaultTiming: FollowTiming & ReaderTiming = {
  poll_ms: 20_000,
  max_attempts: 12,
  backoff: defaultBackoff,
  hold_ms: 150,
  silence: defaultSilence,
};

/** A remote Sandbox Agent server of 0.1, before ACP, as a backend with one sandbox. */
export function createSandboxAgentRestBackend(config: SandboxAgentRestConfig): Backend {
  const { url: base_url, token, fetch } = config;
  const now = config.now ?? Date.now;
  const http = createHttp({ base_url, token, fetch, now });
  const features: Features = { files: null, abort: null };
  const timing = { ...defaultTiming, ...config.timing };
  const open = { http, random: config.random ?? Math.random, timing, features };
  const links = new Set<SessionLink>();

  async function check(signal: AbortSignal): Promise<BackendCheck> {
    const started = now();
    try {
      await http.json({ path: "/v1/health", timeout_ms: 10_000, signal }, Health);
      const latency_ms = now() - started;
      // Health asks for no token.
      await http.json({ path: "/v1/sessions", signal }, Sessions);
      await probe(http, features, signal);
      return { state: "online", detail: null, version: null, latency_ms };
    } catch (error) {
      return { ...stateOfFailure(error, NOT_THIS_API), version: null, latency_ms: null };
    }
  }

  async function assertUp(signal: AbortSignal): Promise<void> {
    await http.json({ path: "/v1/health", timeout_ms: 10_000, signal }, Health);
  }

  return {
    kind: "sandbox_agent_rest",
    get capabilities() {
      return capabilitiesOf(features);
    },
    check,
    ...oneSandbox(base_url, assertUp),
    async listAgents(_, signal) {
      // The server runs each agent's `--version` for this.
      const { agents } = await http.json({ path: "/v1/agents", timeout_ms: 60_000, signal }, Agents);
      return agents.map(agentOf);
    },
    async installAgent(_, agent, signal) {
      const path = `/v1/agents/${encodeURIComponent(agent)}/install`;
      try {
        await http.json({ method: "POST", path, body: {}, timeout_ms: 600_000, signal }, Ignored);
      } catch (error) {
        throw refine(error);
      }
    },
    async newSessionOptions(_, agent, signal) {
      const offered = await readOffered(http, agent, signal);
      return newSessionOptions(offered, offered.default_model);
    },
    async listSessions(_, signal) {
      const { sessions } = await http.json({ path: "/v1/sessions", signal }, Sessions);
      return sessions.map(sessionOf);
    },
    async openSession(request) {
      const link = await openSession(open, request);
      links.add(link);
      return link;
    },
    files: createFiles(http),
    async close() {
      await Promise.all([...links].map((link) => link.close("detach")));
      links.clear();
    },
  };
}

/** Finds out what this version has, by routes that change nothing: the session of the second does not exist. */
async function probe(http: Http, features: Features, signal: AbortSignal): Promise<void> {
  features.files = await has(http.json({ path: "/v1/fs/stat", query: { path: "." }, signal }, Ignored));
  const path = "/v1/sessions/sandbar-probe/abort";
  features.abort = await has(http.json({ method: "POST", path, body: {}, signal }, Ignored));
}

/** Whether the route exists; errors of its own prove that it does. */
async function has(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNoRoute(error)) return false;
    if (serverWord(error) !== null) return true;
    throw error;
  }
}

function agentOf({ id, installed, credentialsAvailable, version, serverStatus }: WireAgent): Agent {
  const failed = serverStatus?.status === "error" ? (serverStatus.lastError ?? "Its server failed.") : null;
  return {
    id,
    name: agentName(id),
    installed,
    credentials_available: credentialsAvailable ?? true,
    installable: id !== "mock",
    version: version ?? null,
    detail: installed ? failed : "Not installed on this server.",
  };
}

type WireAgent = ReturnType<typeof Agents.parse>["agents"][number];

/** `mcp` and `skills` are left out: they are echoed with their secrets. */
function sessionOf(info: SessionInfo): UpstreamSession {
  const { sessionId, agent, title, ended, directory, agentMode, permissionMode, model, variant } = info;
  return {
    ref: sessionId,
    agent,
    title: title ?? null,
    state: ended ? "completed" : "active",
    created_at: isoOf(info.createdAt),
    updated_at: isoOf(info.updatedAt),
    metadata: { directory, agentMode, permissionMode, model, variant },
  };
}

function isoOf(ms: number | null | undefined): string | null {
  return typeof ms === "number" ? new Date(ms).toISOString() : null;
}
