import { BackendError } from "#src/backends/backend-error.ts";
import type { Backend, BackendCheck } from "#src/backends/backend.ts";
import { agentServerCapabilities, oneSandbox, SANDBOX_REF } from "#src/backends/shared/agent-server.ts";
import { stateOfFailure } from "#src/backends/shared/check-state.ts";
import { type AgentServerConfig, createAgentServerClient } from "./client.ts";
import { MAX_PROMPT_BYTES } from "./link.ts";

export type SandboxAgentConfig = AgentServerConfig;

const NOT_THIS_API =
  "This address has no ACP routes. Check the URL; a 0.1 server is connected as the kind `sandbox_agent_rest`.";

const capabilities = agentServerCapabilities({
  exec: true,
  files: true,
  options: true,
  interrupt: true,
  attachments: ["image", "file"],
  // Base64 takes a third more, and the whole message has one limit.
  max_attachment_bytes: Math.floor((MAX_PROMPT_BYTES * 3) / 4) - 64 * 1024,
  skills: false,
  notes: {
    "sessions.reject_message": "Its protocol has no words for a rejection, only the agent's own options.",
    "sessions.skills": "The protocol takes no skills; put them into the folder the agent works in.",
  },
});

/** A remote Sandbox Agent server (0.2 and later) as a backend with one sandbox. */
export function createSandboxAgentBackend(config: SandboxAgentConfig): Backend {
  const client = createAgentServerClient(config);
  const now = config.now ?? Date.now;
  let version: string | null = null;

  async function check(signal: AbortSignal): Promise<BackendCheck> {
    const started = now();
    try {
      await client.health(signal);
      const latency_ms = now() - started;
      await client.listInstances(signal);
      version ??= await client.version(signal);
      return { state: "online", detail: null, version, latency_ms };
    } catch (error) {
      // It may come back as another one.
      version = null;
      return { ...stateOfFailure(error, NOT_THIS_API), version: null, latency_ms: null };
    }
  }

  function assertKnown(sandbox_ref: string): void {
    if (sandbox_ref !== SANDBOX_REF)
      throw new BackendError("not_found", "This server is one sandbox, and not that one.");
  }

  return {
    kind: "sandbox_agent",
    capabilities,
    check,
    ...oneSandbox(config.url, (signal) => client.health(signal)),
    async listAgents(sandbox_ref, signal) {
      assertKnown(sandbox_ref);
      return client.listAgents(signal);
    },
    async installAgent(sandbox_ref, agent, signal) {
      assertKnown(sandbox_ref);
      await client.installAgent(agent, signal);
    },
    async listSessions(sandbox_ref, signal, fresh) {
      assertKnown(sandbox_ref);
      return client.listSessions(signal, fresh);
    },
    async openSession(request) {
      assertKnown(request.sandbox_ref);
      return client.openSession(request);
    },
    async exec(sandbox_ref, request, signal) {
      assertKnown(sandbox_ref);
      return client.exec(request, signal);
    },
    files: client.files,
    close: () => client.close(),
  };
}
