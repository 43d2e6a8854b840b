import type { Backend, BackendCheck, SandboxControl } from "#src/backends/backend.ts";
import type { SandboxView, UpstreamSandbox } from "#src/backends/backend.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { type AgentServerClient, createAgentServerClient } from "#src/backends/sandbox-agent/client.ts";
import { explainInstallFailure, presentAgents } from "./agents.ts";
import { after } from "../events/schedule.ts";
import { createSshServer } from "../ssh/server.ts";
import { resolveBinary } from "./binary.ts";
import { createLongFetch } from "../backends/long-fetch.ts";
import { LOCAL_CAPABILITIES } from "./capabilities.ts";
import { sandboxEnvironment } from "./environment.ts";
import { execInSandbox } from "./exec.ts";
import { makeFolderConfined, moveConfined } from "./arrange-files.ts";
import { confine, listFolder, readConfined, removeConfined, writeConfined } from "./files.ts";
import { gitSources } from "./git-source.ts";
import { type Impact, folderImpact } from "./impact.ts";
import type { RunningSandbox } from "./launch.ts";
import { sandboxLayout } from "./layout.ts";
import { newestLogLines } from "./logs.ts";
import type { LeftBehind } from "./reaper.ts";
import { type SandboxRecord, unknownSandbox } from "./record.ts";
import { hideUrlCredentials } from "./redact.ts";
import { type ExitListener, type RunnerConfig, type SetupContext, createRunner } from "./runner.ts";
import { searchFiles } from "./search-files.ts";
import { installSkills } from "./skills.ts";
import { sandboxStats } from "./stats.ts";

/** The port, and what only a backend on this machine can do. */
export type LocalBackend = Backend & {
  /** Call once before anything else: ends what a crashed run left, and tells which sandboxes were cut off. */
  recover(): Promise<LeftBehind[]>;
  /** Goes on with a setup that failed; progress goes to `emit` as in `createSandbox`. */
  retrySetup(sandbox_ref: string, context: SetupContext): Promise<UpstreamSandbox>;
  /** What deleting the sandbox would lose of its folder. */
  impact(sandbox_ref: string, signal: AbortSignal): Promise<Impact>;
  /** Calls back when a sandbox's agent server ends and nobody asked it to; returns how to stop listening. */
  onSandboxExit(listener: ExitListener): () => void;
};

/**
 * The embedded backend (design §5): each sandbox is a folder under `dataDir` and a native sandbox-agent server.
 * A sandbox's `ref` is the id Sandbar gave it.
 */
export function createLocalBackend(config: RunnerConfig): LocalBackend {
  const runner = createRunner(config);
  const fetch = createLongFetch();
  const clients = new WeakMap<RunningSandbox, AgentServerClient>();
  const filesOf = (ref: string): string => sandboxLayout(config.dataDir, ref).files;
  const ssh = createSshServer({
    dataDir: config.dataDir,
    now: config.now,
    schedule: after,
    placeOf: (ref) => {
      const running = runner.running(ref);
      return running && { files: running.layout.files, environment: running.environment };
    },
  });
  runner.onExit(ssh.drop);

  async function requireRecord(ref: string): Promise<SandboxRecord> {
    const record = await runner.record(ref);
    if (!record) throw unknownSandbox(ref);
    return record;
  }

  function requireRunning(ref: string): RunningSandbox {
    const running = runner.running(ref);
    if (!running) throw new BackendError("invalid_state", "The sandbox does not run; start it first.");
    return running;
  }

  function clientOf(ref: string): AgentServerClient {
    const running = requireRunning(ref);
    const known = clients.get(running);
    if (known) return known;
    const { url, token, exited } = running.process;
    const client = createAgentServerClient({ url, token, fetch, now: config.now });
    clients.set(running, client);
    // Its links would go on trying to reach a port that may soon be someone else's.
    void exited.then(() => client.close());
    return client;
  }

  function describe(record: SandboxRecord): UpstreamSandbox {
    const { id, name, state, state_detail, spec, created_at } = record;
    const [repository] = gitSources(spec);
    return {
      ref: id,
      name,
      state,
      state_detail,
      agent_provider: spec.agent_provider,
      endpoint_url: runner.running(id)?.process.url ?? null,
      labels: spec.labels,
      persistence: spec.persistence,
      directory: filesOf(id),
      repository: repository ? hideUrlCredentials(repository.url) : null,
      branch: repository?.new_branch ?? repository?.branch ?? null,
      created_at,
    };
  }

  /** A record that cannot be read still names a sandbox that can be deleted. */
  async function describeById(ref: string): Promise<UpstreamSandbox | null> {
    try {
      const record = await runner.record(ref);
      return record && describe(record);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      return { ref, name: ref, state: "failed", state_detail: error.message, directory: filesOf(ref) };
    }
  }

  async function check(): Promise<BackendCheck> {
    try {
      const { version } = await resolveBinary(config.dataDir, config.binaryPath);
      return { state: "online", detail: null, version, latency_ms: null };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { state: "offline", detail, version: null, latency_ms: null };
    }
  }

  async function controlSandbox(ref: string, action: SandboxControl, signal: AbortSignal): Promise<void> {
    switch (action) {
      case "start":
        return runner.start(ref, signal);
      case "stop":
        ssh.drop(ref);
        return runner.stop(ref);
      case "delete":
        ssh.drop(ref);
        return runner.remove(ref);
      case "pause":
      case "resume":
        throw new BackendError(
          "unsupported",
          LOCAL_CAPABILITIES.notes["sandboxes.pause"] ?? "It cannot be paused.",
        );
      default:
        return action satisfies never;
    }
  }

  async function inspect(ref: string, what: SandboxView): Promise<unknown> {
    const record = await requireRecord(ref);
    switch (what) {
      case "logs":
        return newestLogLines(sandboxLayout(config.dataDir, ref));
      case "stats":
        return sandboxStats(ref, record.process);
      case "services":
      case "lifecycle_events":
        throw new BackendError("unsupported", `A local sandbox has no ${what.replace("_", " ")}.`);
      default:
        return what satisfies never;
    }
  }

  /** Agents may work in any folder of their sandbox; by default in its root. */
  async function sessionFolder(ref: string, directory: string | null): Promise<string> {
    const files = filesOf(ref);
    return directory === null || directory === files ? files : confine(files, directory);
  }

  return {
    kind: "local",
    capabilities: LOCAL_CAPABILITIES,
    check,
    async listSandboxes() {
      const found = await Promise.all((await runner.ids()).map(describeById));
      return found.filter((sandbox) => sandbox !== null);
    },
    getSandbox: describeById,
    createSandbox: async (spec, context) => describe(await runner.create(spec, context)),
    controlSandbox,
    async listAgents(ref, signal) {
      const { layout, environment } = requireRunning(ref);
      const own = environment.CODEX_HOME === layout.codex ? ["codex"] : [];
      return presentAgents(await clientOf(ref).listAgents(signal), own);
    },
    async installAgent(ref, agent, signal) {
      try {
        await clientOf(ref).installAgent(agent, signal);
      } catch (error) {
        throw explainInstallFailure(agent, error);
      }
    },
    // Sessions that Sandbar made are in its own store; what an agent keeps beyond them is not looked for.
    listSessions: () => Promise.resolve([]),
    async openSession(request) {
      const { sandbox_ref, metadata, signal, resume } = request;
      const folder = await sessionFolder(sandbox_ref, request.directory);
      if (!resume) await installSkills(metadata.skills, { ...requireRunning(sandbox_ref), folder, signal });
      return clientOf(sandbox_ref).openSession({ ...request, directory: folder });
    },
    inspect,
    exec: async (ref, request, signal) => execInSandbox(requireRunning(ref), request, signal),
    files: {
      list: (ref, path) => listFolder(filesOf(ref), path),
      read: (ref, path) => readConfined(filesOf(ref), path),
      write: (ref, path, bytes) => writeConfined(filesOf(ref), path, bytes),
      remove: (ref, path) => removeConfined(filesOf(ref), path),
      makeFolder: (ref, path) => makeFolderConfined(filesOf(ref), path),
      move: (ref, from, to) => moveConfined(filesOf(ref), from, to),
      search: (ref, text, limit, signal) => searchFiles(filesOf(ref), text, limit, signal),
    },
    ssh: {
      grant: (ref) => ssh.grant(ref, requireRunning(ref).layout.files),
      revoke: async (ref, token) => ssh.revoke(ref, token),
    },
    async close() {
      await ssh.close();
      await runner.close();
    },
    recover: () => runner.recover(),
    retrySetup: async (ref, context) => describe(await runner.retrySetup(ref, context)),
    async impact(ref, signal) {
      const layout = sandboxLayout(config.dataDir, (await requireRecord(ref)).id);
      const plain = { sandbox_id: ref, layout, env_vars: {}, secret_values: {} };
      return folderImpact(layout.files, sandboxEnvironment(plain, process.env), signal);
    },
    onSandboxExit: (listener) => runner.onExit(listener),
  };
}
