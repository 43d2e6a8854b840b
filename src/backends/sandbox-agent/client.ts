import { BackendError } from "#src/backends/backend-error.ts";
import type {
  ExecRequest,
  ExecResult,
  FilesPort,
  OpenSession,
  SessionLink,
  UpstreamSession,
} from "#src/backends/backend.ts";
import { agentName } from "#src/backends/shared/agent-server.ts";
import { createFiles } from "#src/backends/shared/agent-server-files.ts";
import { createHttp, type Fetch, type Http } from "#src/backends/shared/http.ts";
import type { Agent } from "#src/domain/agent.ts";
import { refine } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { openSession } from "./open.ts";
import { createSessionProbe } from "./probe.ts";
import { defaultTiming, type RpcTiming } from "./rpc.ts";
import { Agents, Health, Ignored, Instances, RunResult, VersionInfo } from "./wire.ts";

export type AgentServerConfig = {
  url: string;
  token: string | null;
  fetch?: Fetch;
  /** Uniform in [0, 1); spreads reconnects. */
  random?: () => number;
  /** Milliseconds since the epoch. */
  now?: () => number;
  timing?: Partial<RpcTiming>;
  /** The folder of sessions that name none; default: the folder the server runs in. */
  directory?: string;
};

/** An agent process on the server: `GET /v1/acp`. It stays listed after its process has ended. */
export type AgentInstance = { server_id: string; agent: string; created_at_ms: number | null };

/** One Sandbox Agent server (0.2 and later). Every call throws `BackendError`. */
export type AgentServerClient = {
  readonly http: Http;
  /** Resolves when the server is up and lets us in. */
  health(signal: AbortSignal): Promise<void>;
  /** The server's version, where it tells one. */
  version(signal: AbortSignal): Promise<string | null>;
  listAgents(signal: AbortSignal): Promise<Agent[]>;
  installAgent(agent: string, signal: AbortSignal): Promise<void>;
  listInstances(signal: AbortSignal): Promise<AgentInstance[]>;
  /** Sessions that the agents in use on the server have stored. */
  listSessions(signal: AbortSignal, fresh?: boolean): Promise<UpstreamSession[]>;
  openSession(request: OpenSession): Promise<SessionLink>;
  exec(request: ExecRequest, signal: AbortSignal): Promise<ExecResult>;
  readonly files: FilesPort;
  /** Stops following every session that it opened; the agents go on. */
  close(): Promise<void>;
};

/** The only route that tells it: neither health nor the banner does. It starts nothing. */
export const VERSION_PATH = "/opencode/global/health";

const DEFAULT_EXEC_SECONDS = 30;

export function createAgentServerClient(config: AgentServerConfig): AgentServerClient {
  const http = createHttp({
    base_url: config.url,
    token: config.token,
    fetch: config.fetch,
    now: config.now,
  });
  const random = config.random ?? Math.random;
  const timing: RpcTiming = { ...defaultTiming, ...config.timing };
  const instances = new Set<Instance>();
  const probe = createSessionProbe({
    http,
    random,
    timing,
    now: config.now ?? Date.now,
    isOwn: (server_id) => [...instances].some((instance) => instance.server_id === server_id),
  });

  async function exec(request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
    const [command, ...args] = request.command;
    if (command === undefined) throw new BackendError("invalid_request", "The command is empty.");
    if (request.stdin !== undefined) {
      throw new BackendError("unsupported", "This server runs commands without standard input.");
    }
    const timeoutMs = (request.timeout_secs ?? DEFAULT_EXEC_SECONDS) * 1000;
    const body = { command, args, cwd: request.workdir, env: request.env, timeoutMs };
    const timeout_ms = timeoutMs + 5_000;
    const result = await http.json(
      { method: "POST", path: "/v1/processes/run", body, timeout_ms, signal },
      RunResult,
    );
    if (result.timedOut)
      throw new BackendError("timeout", `The command did not end within ${timeoutMs / 1000} s.`);
    const { stdout, stderr, durationMs } = result;
    return { exit_code: result.exitCode ?? -1, stdout, stderr, duration_ms: durationMs };
  }

  async function defaultDirectory(signal: AbortSignal): Promise<string> {
    if (config.directory !== undefined) return config.directory;
    const { stdout } = await exec({ command: ["pwd"] }, signal);
    return stdout.trim() || "/";
  }

  /** Relative paths start where the server runs, as sessions do; on the server they would start at its home. */
  async function absolute(path: string, signal: AbortSignal): Promise<string> {
    if (path.startsWith("/")) return path;
    const directory = await defaultDirectory(signal);
    return path === "" ? directory : `${directory.replace(/\/$/, "")}/${path}`;
  }

  return {
    http,
    exec,
    files: createFiles(http, absolute),
    async health(signal) {
      await http.json({ path: "/v1/health", timeout_ms: 10_000, signal }, Health);
    },
    async version(signal) {
      try {
        return (await http.json({ path: VERSION_PATH, timeout_ms: 10_000, signal }, VersionInfo)).version;
      } catch (error) {
        // Without it everything else works.
        if (error instanceof BackendError) return null;
        throw error;
      }
    },
    async listAgents(signal) {
      // Versions come only with `config`, and the first call looks at every command-line tool.
      const query = { config: true };
      const { agents } = await http.json({ path: "/v1/agents", query, timeout_ms: 60_000, signal }, Agents);
      return agents.map(({ id, installed, credentialsAvailable, version, configError }) => ({
        id,
        name: agentName(id),
        installed,
        credentials_available: credentialsAvailable,
        installable: true,
        version: version ?? null,
        detail: installed ? (configError ?? null) : "Not installed on this server.",
      }));
    },
    async installAgent(agent, signal) {
      const path = `/v1/agents/${encodeURIComponent(agent)}/install`;
      try {
        await http.json({ method: "POST", path, body: {}, timeout_ms: 600_000, signal }, Ignored);
      } catch (error) {
        throw refine(error);
      }
    },
    async listInstances(signal) {
      const { servers } = await http.json({ path: "/v1/acp", signal }, Instances);
      return servers.map(({ serverId, agent, createdAtMs }) => ({
        server_id: serverId,
        agent,
        created_at_ms: createdAtMs ?? null,
      }));
    },
    listSessions: (signal, fresh = true) => probe(signal, fresh),
    openSession: (request) => openSession({ http, random, timing, instances, defaultDirectory }, request),
    close() {
      for (const instance of instances) instance.close();
      return Promise.resolve();
    },
  };
}
