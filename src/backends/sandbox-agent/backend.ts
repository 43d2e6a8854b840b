import { BackendError } from "#src/backends/backend-error.ts";
import type { Backend, BackendCheck, UpstreamSandbox } from "#src/backends/backend.ts";
import type { Capabilities } from "#src/domain/backend.ts";
import { type AgentServerConfig, createAgentServerClient } from "./client.ts";
import { MAX_PROMPT_BYTES } from "./link.ts";

export type SandboxAgentConfig = AgentServerConfig;

/** The one sandbox that a server is. */
export const SANDBOX_REF = "default";

const NO_LIFECYCLE = "The server is one sandbox that is started and stopped where it runs.";

export const sandboxAgentCapabilities: Capabilities = {
  sandboxes: {
    create: false,
    start: false,
    stop: false,
    pause: false,
    delete: false,
    ssh: false,
    logs: false,
    stats: false,
    exec: true,
    files: true,
    services: false,
    lifecycle_events: false,
  },
  sources: [],
  spec_fields: [],
  agents: { list: true, install: true },
  sessions: {
    create: true,
    discover: true,
    resume: true,
    end: true,
    live_events: true,
    options: true,
    queue: false,
    interrupt: true,
    permissions: true,
    reject_message: false,
    always: true,
    questions: true,
    attachments: ["image", "file"],
    // Base64 takes a third more, and the whole message has one limit.
    max_attachment_bytes: Math.floor((MAX_PROMPT_BYTES * 3) / 4) - 64 * 1024,
    mcp: true,
    skills: false,
  },
  secrets: { list: false, create: false, update: false, delete: false },
  provider_secrets: [],
  notes: {
    "sandboxes.create": NO_LIFECYCLE,
    "sandboxes.start": NO_LIFECYCLE,
    "sandboxes.stop": NO_LIFECYCLE,
    "sandboxes.delete": NO_LIFECYCLE,
    "sandboxes.pause": "A Sandbox Agent server cannot be paused.",
    "sandboxes.ssh": "A Sandbox Agent server has no SSH access of its own.",
    "sessions.reject_message": "Its protocol has no words for a rejection, only the agent's own options.",
    "sessions.skills": "The protocol takes no skills; put them into the folder the agent works in.",
    "secrets.list": "The agents take their keys from the environment that the server was started in.",
  },
};

/** A remote Sandbox Agent server (0.2 and later) as a backend with one sandbox. */
export function createSandboxAgentBackend(config: SandboxAgentConfig): Backend {
  const client = createAgentServerClient(config);
  const now = config.now ?? Date.now;

  async function check(signal: AbortSignal): Promise<BackendCheck> {
    const started = now();
    try {
      await client.health(signal);
      const latency_ms = now() - started;
      await client.listInstances(signal);
      return { state: "online", detail: null, version: null, latency_ms };
    } catch (error) {
      return { ...stateOf(error), version: null, latency_ms: null };
    }
  }

  const sandbox: UpstreamSandbox = {
    ref: SANDBOX_REF,
    name: nameOf(config.url),
    state: "running",
    persistence: "persistent",
    endpoint_url: config.url,
    ...(config.directory !== undefined && { directory: config.directory }),
  };

  function assertKnown(sandbox_ref: string): void {
    if (sandbox_ref !== SANDBOX_REF)
      throw new BackendError("not_found", "This server is one sandbox, and not that one.");
  }

  return {
    kind: "sandbox_agent",
    capabilities: sandboxAgentCapabilities,
    check,
    async listSandboxes(signal) {
      await client.health(signal);
      return [sandbox];
    },
    async getSandbox(sandbox_ref, signal) {
      if (sandbox_ref !== SANDBOX_REF) return null;
      await client.health(signal);
      return sandbox;
    },
    createSandbox: () => Promise.reject(new BackendError("unsupported", NO_LIFECYCLE)),
    controlSandbox: () => Promise.reject(new BackendError("unsupported", NO_LIFECYCLE)),
    async listAgents(sandbox_ref, signal) {
      assertKnown(sandbox_ref);
      return client.listAgents(signal);
    },
    async installAgent(sandbox_ref, agent, signal) {
      assertKnown(sandbox_ref);
      await client.installAgent(agent, signal);
    },
    async listSessions(sandbox_ref, signal) {
      assertKnown(sandbox_ref);
      return client.listSessions(signal);
    },
    async openSession(request) {
      assertKnown(request.sandbox_ref);
      return client.openSession(request);
    },
    async exec(sandbox_ref, request, signal) {
      assertKnown(sandbox_ref);
      return client.exec(request, signal);
    },
    files: {
      list: (_, path, signal) => client.listFiles(path, signal),
      read: (_, path, signal) => client.readFile(path, signal),
      write: (_, path, bytes, signal) => client.writeFile(path, bytes, signal),
      remove: (_, path, signal) => client.removeFile(path, signal),
    },
    close: () => client.close(),
  };
}

function stateOf(error: unknown): Pick<BackendCheck, "state" | "detail"> {
  if (!(error instanceof BackendError)) return { state: "offline", detail: "The check was stopped." };
  switch (error.code) {
    case "unauthorized":
      return { state: "unauthorized", detail: error.message };
    case "unreachable":
    case "timeout":
      return { state: "offline", detail: error.message };
    case "not_found":
      return {
        state: "degraded",
        detail:
          "This address has no ACP routes. Check the URL; a 0.1 server is connected as the kind `sandbox_agent_rest`.",
      };
    default:
      return { state: "degraded", detail: error.message };
  }
}

/** A sandbox name from the server's host: lower-case letters, digits and hyphens, 40 at most. */
function nameOf(url: string): string {
  const host = new URL(url).host.toLowerCase();
  return (
    host
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 40)
      .replace(/-$/, "") || "server"
  );
}
