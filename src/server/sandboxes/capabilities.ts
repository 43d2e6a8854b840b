import type { Capabilities } from "#src/domain/backend.ts";

/** sandbox-agent refuses bodies over 2 MiB; base64 and the JSON around it take a third. */
const MAX_ATTACHMENT_BYTES = 1_400_000;

/** What a local sandbox can do: a folder on this machine and a process (design §5). */
export const LOCAL_CAPABILITIES: Capabilities = {
  sandboxes: {
    create: true,
    start: true,
    stop: true,
    pause: false,
    delete: true,
    ssh: true,
    logs: true,
    stats: process.platform === "linux",
    exec: true,
    files: true,
    arrange_files: true,
    services: false,
    lifecycle_events: false,
  },
  sources: ["empty", "git", "copy"],
  spec_fields: ["git_repos", "env_vars", "secret_env_vars", "setup_script", "labels", "auto_stop_minutes"],
  agents: { list: true, install: true },
  sessions: {
    create: true,
    discover: false,
    resume: true,
    end: true,
    live_events: true,
    options: true,
    queue: true,
    interrupt: true,
    permissions: true,
    reject_message: false,
    always: true,
    questions: true,
    attachments: ["image", "file"],
    max_attachment_bytes: MAX_ATTACHMENT_BYTES,
    mcp: true,
    skills: true,
  },
  secrets: { list: false, create: false, update: false, delete: false },
  provider_secrets: [],
  notes: {
    "sandboxes.create":
      "A local sandbox is a folder and processes on this machine. It is not isolated from it.",
    "sandboxes.pause": "A local sandbox cannot be frozen; stop it, and its files stay as they are.",
    "sessions.reject_message": "These agents take a plain no; write the reason as your next message.",
    "sessions.discover": "Sessions that were begun outside Sandbar are not looked for in a local sandbox.",
  },
};
