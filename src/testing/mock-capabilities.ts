import type { Capabilities } from "#src/domain/backend.ts";

/** Everything a backend could do; a test takes away what matters to it. */
export function mockCapabilities(given: Partial<Capabilities> = {}): Capabilities {
  return {
    sandboxes: {
      create: true,
      start: true,
      stop: true,
      pause: true,
      delete: true,
      ssh: true,
      logs: true,
      stats: true,
      exec: true,
      files: true,
      arrange_files: true,
      services: true,
      lifecycle_events: true,
    },
    sources: ["empty", "git", "copy"],
    spec_fields: ["env_vars", "secret_env_vars", "setup_script", "labels", "auto_stop_minutes"],
    agents: { list: true, install: true },
    sessions: {
      create: true,
      discover: true,
      resume: true,
      end: true,
      live_events: true,
      options: true,
      queue: true,
      interrupt: true,
      permissions: true,
      reject_message: true,
      always: true,
      questions: true,
      attachments: ["image", "file"],
      max_attachment_bytes: 5_000_000,
      mcp: true,
      skills: true,
    },
    secrets: { list: true, create: true, update: true, delete: true },
    provider_secrets: ["claude", "codex"],
    notes: {},
    ...given,
  };
}
