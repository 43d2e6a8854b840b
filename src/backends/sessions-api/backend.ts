import { BackendError } from "#src/backends/backend-error.ts";
import type {
  Backend,
  BackendCheck,
  SecretsPort,
  SessionLink,
  UpstreamSession,
} from "#src/backends/backend.ts";
import { stateOfFailure } from "#src/backends/shared/check-state.ts";
import { createHttp, type Fetch } from "#src/backends/shared/http.ts";
import { defaultBackoff } from "#src/backends/shared/retry.ts";
import { Agent } from "#src/domain/agent.ts";
import { SessionState } from "#src/domain/session.ts";
import * as z from "zod";
import { capabilitiesOf } from "./capabilities.ts";
import { refine } from "./errors.ts";
import { createFiles } from "./files.ts";
import { createDetector } from "./flavour.ts";
import { openSession } from "./open.ts";
import type { ReaderTiming } from "./reader.ts";
import { createSandbarSecrets } from "./sandbar-secrets.ts";
import { createSandboxes, type SandboxTiming } from "./sandboxes.ts";
import { createCredentials } from "./secrets.ts";
import { createSsh } from "./ssh.ts";
import {
  AgentNames,
  ExecAnswer,
  Ignored,
  Logs,
  SandboxList,
  type SessionInfo,
  SessionList,
  Stats,
} from "./wire.ts";

export type SessionsApiConfig = {
  /** The server's address; `/api/v1` is added unless it is there. */
  url: string;
  token: string | null;
  fetch?: Fetch;
  /** Uniform in [0, 1); spreads reconnects. */
  random?: () => number;
  /** Milliseconds since the epoch. */
  now?: () => number;
  timing?: Partial<SandboxTiming & ReaderTiming>;
};

const defaultTiming: SandboxTiming & ReaderTiming = {
  idle_ms: 45_000,
  max_attempts: 12,
  backoff: defaultBackoff,
  poll_ms: 1_000,
  provision_ms: 15 * 60_000,
  settle_ms: 1_500,
  quiet_ms: 30_000,
};

const NOT_THIS_API = "The server has no `/api/v1/sandboxes`. Check the URL.";
const DEFAULT_LOG_LINES = 500;
const DEFAULT_EXEC_SECONDS = 60;

/** A server of the Sessions API, which may be another Sandbar, as a backend with many sandboxes. */
export function createSessionsApiBackend(config: SessionsApiConfig): Backend {
  const now = config.now ?? Date.now;
  const random = config.random ?? Math.random;
  const timing = { ...defaultTiming, ...config.timing };
  const { token, fetch } = config;
  const http = createHttp({
    base_url: baseOf(config.url),
    token,
    headers: token === null ? {} : { "x-api-key": token },
    fetch,
    now,
  });
  const detector = createDetector(http);
  const sandboxes = createSandboxes({ http, random, now, timing });
  const ssh = createSsh(http);
  const links = new Set<SessionLink>();
  const below = (ref: string, path: string): string => `/sandboxes/${encodeURIComponent(ref)}${path}`;

  async function check(signal: AbortSignal): Promise<BackendCheck> {
    const started = now();
    try {
      await http.json({ path: "/sandboxes", timeout_ms: 10_000, signal }, SandboxList);
      const latency_ms = now() - started;
      await detector.detect(signal);
      return { state: "online", detail: null, version: detector.version(), latency_ms };
    } catch (error) {
      return { ...stateOfFailure(error, NOT_THIS_API), version: null, latency_ms: null };
    }
  }

  /** @throws BackendError `unsupported`, in the words that a screen shows for it */
  async function assertAble(what: "pause" | "ssh", signal: AbortSignal): Promise<void> {
    const { sandboxes: can, notes } = capabilitiesOf(await detector.detect(signal));
    if (!can[what])
      throw new BackendError("unsupported", notes[`sandboxes.${what}`] ?? "This server does not offer it.");
  }

  async function listAgents(sandbox_ref: string, signal: AbortSignal): Promise<Agent[]> {
    if ((await detector.detect(signal)) === "sandbar")
      return http.json({ path: below(sandbox_ref, "/agents"), signal }, z.array(Agent));
    const agents = await http.json({ path: "/agents", signal }, AgentNames);
    return agents.map((agent) => agentNamed(typeof agent === "string" ? agent : agent.name));
  }

  return {
    kind: "sessions_api",
    get capabilities() {
      return capabilitiesOf(detector.known());
    },
    check,
    listSandboxes: (signal) => sandboxes.list(signal),
    getSandbox: (sandbox_ref, signal) => sandboxes.get(sandbox_ref, signal),
    async createSandbox(spec, context) {
      return sandboxes.create(spec, await detector.detect(context.signal), context);
    },
    async controlSandbox(sandbox_ref, action, signal) {
      if (action === "pause" || action === "resume") await assertAble("pause", signal);
      return sandboxes.control(sandbox_ref, action, signal);
    },
    listAgents,
    async installAgent(sandbox_ref, agent, signal) {
      const isSandbar = (await detector.detect(signal)) === "sandbar";
      const install = `/agents/${encodeURIComponent(agent)}/install`;
      const path = isSandbar ? below(sandbox_ref, install) : install;
      await http.json({ method: "POST", path, body: {}, timeout_ms: 600_000, signal }, Ignored);
    },
    async listSessions(sandbox_ref, signal) {
      const sessions = await http.json({ path: below(sandbox_ref, "/sessions"), signal }, SessionList);
      const provider = sessions.some(({ agent }) => !agent)
        ? (await sandboxes.get(sandbox_ref, signal))?.agent_provider
        : undefined;
      return sessions.map((session) => sessionOf(session, provider ?? ""));
    },
    async openSession(request) {
      const flavour = await detector.detect(request.signal);
      const link = await openSession({ http, flavour, random, timing }, request);
      links.add(link);
      return link;
    },
    ssh: {
      async grant(sandbox_ref, signal) {
        await assertAble("ssh", signal);
        return ssh.grant(sandbox_ref, signal);
      },
      revoke: (sandbox_ref, access, signal) => ssh.revoke(sandbox_ref, access, signal),
    },
    secrets: createSecrets(),
    async inspect(sandbox_ref, what, signal) {
      switch (what) {
        case "logs": {
          const query = { tail: DEFAULT_LOG_LINES };
          return http.json({ path: below(sandbox_ref, "/logs"), query, signal }, Logs);
        }
        case "stats":
          return http.json({ path: below(sandbox_ref, "/stats"), signal }, Stats);
        case "services":
        case "lifecycle_events":
          throw new BackendError("unsupported", "The Sessions API does not tell this of a sandbox.");
        default:
          return what satisfies never;
      }
    },
    async exec(sandbox_ref, request, signal) {
      const timeout_ms = ((request.timeout_secs ?? DEFAULT_EXEC_SECONDS) + 5) * 1000;
      try {
        return await http.json(
          { method: "POST", path: below(sandbox_ref, "/exec"), body: request, timeout_ms, signal },
          ExecAnswer,
        );
      } catch (error) {
        throw refine(error);
      }
    },
    files: createFiles(http),
    async close() {
      await Promise.all([...links].map((link) => link.close("detach")));
      links.clear();
    },
  };

  /** Which of the two kinds of routes there is, is known only when one is needed. */
  function createSecrets(): SecretsPort {
    const plain = createCredentials(http);
    const sandbar = createSandbarSecrets(http);
    const port = async (signal: AbortSignal): Promise<SecretsPort> =>
      (await detector.detect(signal)) === "sandbar" ? sandbar : plain;
    return {
      list: async (signal) => (await port(signal)).list(signal),
      create: async (secret, signal) => (await port(signal)).create(secret, signal),
      update: async (ref, change, signal) => (await port(signal)).update(ref, change, signal),
      remove: async (ref, signal) => (await port(signal)).remove(ref, signal),
      listCredentials: async (provider, signal) => (await port(signal)).listCredentials(provider, signal),
      createCredential: async (provider, credential, signal) =>
        (await port(signal)).createCredential(provider, credential, signal),
      removeCredential: async (provider, ref, signal) =>
        (await port(signal)).removeCredential(provider, ref, signal),
    };
  }
}

function baseOf(url: string): string {
  const trimmed = url.replace(/\/+$/, "");
  return trimmed.endsWith("/api/v1") ? trimmed : `${trimmed}/api/v1`;
}

/** The first server tells names only, of agents that it has. */
function agentNamed(name: string): Agent {
  return {
    id: name,
    name,
    installed: true,
    credentials_available: true,
    installable: true,
    version: null,
    detail: "The server does not say whether its credentials are there.",
  };
}

function sessionOf(session: SessionInfo, provider: string): UpstreamSession {
  return {
    ref: session.id,
    agent: session.agent ?? provider,
    title: session.title ?? null,
    state: SessionState.safeParse(session.state).data ?? "active",
    created_at: session.created_at ?? null,
    updated_at: session.updated_at ?? null,
    metadata: session.metadata ?? {},
  };
}
