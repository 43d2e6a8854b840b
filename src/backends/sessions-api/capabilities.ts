import type { Capabilities } from "#src/domain/backend.ts";
import type { Flavour } from "./memory.ts";
import { NO_UPDATE } from "./secrets.ts";

/** The spec fields that the API honours beyond name, agent and source (spec 2). */
const PLAIN_FIELDS = [
  "image",
  "env_vars",
  "secret_env_vars",
  "credentials",
  "setup_script",
  "git_repos",
  "labels",
  "extra",
];
const SANDBAR_FIELDS = ["env_vars", "secret_env_vars", "setup_script", "labels", "auto_stop_minutes"];

/** What a server can do. Until it said who it is, it counts as one with the API's common part. */
export function capabilitiesOf(flavour: Flavour | null): Capabilities {
  const isSandbar = flavour === "sandbar";
  return {
    sandboxes: {
      create: true,
      start: true,
      stop: true,
      pause: !isSandbar,
      delete: true,
      ssh: isSandbar,
      logs: true,
      stats: true,
      exec: true,
      files: true,
      arrange_files: false,
      services: false,
      lifecycle_events: false,
    },
    sources: ["empty", "git"],
    spec_fields: isSandbar ? SANDBAR_FIELDS : PLAIN_FIELDS,
    agents: { list: true, install: true },
    sessions: {
      create: true,
      discover: true,
      resume: true,
      end: isSandbar,
      live_events: true,
      options: true,
      queue: false,
      interrupt: true,
      permissions: true,
      reject_message: isSandbar,
      always: isSandbar,
      questions: true,
      attachments: ["image", "file"],
      max_attachment_bytes: 5 * 1024 * 1024,
      mcp: isSandbar,
      skills: isSandbar,
    },
    secrets: { list: true, create: true, update: isSandbar, delete: true },
    provider_secrets: ["claude", "codex"],
    notes: {
      "sandboxes.arrange_files":
        "The Sessions API reads, writes and deletes files, and has no more than that; run a command for it.",
      "sessions.queue": "Sandbar queues prompts itself and sends one at a time.",
      ...(isSandbar && {
        "sandboxes.pause": "A Sandbar's own sandboxes cannot be frozen; stop one, and its files stay.",
      }),
      ...(!isSandbar && {
        "sandboxes.ssh": "The Sessions API has no SSH access.",
        "sessions.end": "The API has no way to end a session; Sandbar only stops following it.",
        "sessions.always":
          "The API allows one call at a time. Choose another permission mode to be asked less.",
        "sessions.reject_message": "The API has no words for a rejection.",
        "secrets.update": NO_UPDATE,
      }),
    },
  };
}
