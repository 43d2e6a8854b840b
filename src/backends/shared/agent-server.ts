import { BackendError } from "#src/backends/backend-error.ts";
import type { Backend, UpstreamSandbox } from "#src/backends/backend.ts";
import type { Capabilities } from "#src/domain/backend.ts";
import { detailsOf } from "./http-error.ts";

/** What the two lines of Sandbox Agent, 0.1 and 0.2, have in common as backends. */

/** The one sandbox that a server is. */
export const SANDBOX_REF = "default";

const NO_LIFECYCLE = "The server is one sandbox that is started and stopped where it runs.";

/** The server refuses bodies over 2 MiB (spec 1 of 0.1, 2 of 0.2). */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** What depends on the line and version of a server. */
export type OwnCapabilities = Pick<Capabilities["sandboxes"], "exec" | "files"> &
  Pick<
    Capabilities["sessions"],
    "options" | "interrupt" | "attachments" | "max_attachment_bytes" | "skills"
  > & {
    notes: Capabilities["notes"];
  };

export function agentServerCapabilities({ exec, files, notes, ...sessions }: OwnCapabilities): Capabilities {
  return {
    sandboxes: {
      create: false,
      start: false,
      stop: false,
      pause: false,
      delete: false,
      ssh: false,
      logs: false,
      stats: false,
      exec,
      files,
      arrange_files: files,
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
      queue: false,
      permissions: true,
      reject_message: false,
      always: true,
      questions: true,
      mcp: true,
      ...sessions,
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
      "secrets.list": "The agents take their keys from the environment that the server was started in.",
      ...notes,
    },
  };
}

/** The port's methods for sandboxes, of a server that is one; `assertUp` throws when it does not answer. */
export function oneSandbox(
  url: string,
  assertUp: (signal: AbortSignal) => Promise<void>,
): Pick<Backend, "listSandboxes" | "getSandbox" | "createSandbox" | "controlSandbox"> {
  const sandbox: UpstreamSandbox = {
    ref: SANDBOX_REF,
    name: nameOf(url),
    state: "running",
    persistence: "persistent",
    endpoint_url: url,
  };
  return {
    async listSandboxes(signal) {
      await assertUp(signal);
      return [sandbox];
    },
    async getSandbox(sandbox_ref, signal) {
      if (sandbox_ref !== SANDBOX_REF) return null;
      await assertUp(signal);
      return sandbox;
    },
    createSandbox: () => Promise.reject(new BackendError("unsupported", NO_LIFECYCLE)),
    controlSandbox: () => Promise.reject(new BackendError("unsupported", NO_LIFECYCLE)),
  };
}

/** A sandbox name from the server's host: lower-case letters, digits and hyphens, 40 at most. */
function nameOf(url: string): string {
  const words = new URL(url).host.toLowerCase().match(/[a-z0-9]+/g) ?? ["server"];
  return words.join("-").slice(0, 40).replace(/-$/, "");
}

const NAMES: Readonly<Record<string, string>> = {
  mock: "Mock",
  claude: "Claude Code",
  codex: "Codex",
  opencode: "OpenCode",
  amp: "Amp",
  pi: "Pi",
  cursor: "Cursor",
};

/** An agent's name for people, or its id when it is a new one. */
export function agentName(id: string): string {
  return NAMES[id] ?? id;
}

const PREFIX = "urn:sandbox-agent:error:";

/** The server's own word for an error, or null when something before its handlers answered. */
export function serverWord(error: unknown): string | null {
  const code = detailsOf(error)?.upstream_code;
  return code?.startsWith(PREFIX) ? code.slice(PREFIX.length) : null;
}
