import type { Capabilities } from "#src/domain/backend.ts";
import type { Features } from "./api.ts";
import { NO_ATTACHMENTS, NO_INTERRUPT, NO_OPTIONS, NO_REQUESTS } from "./link.ts";
import { AGENT_KINDS, EXTRA_FIELDS } from "./spec.ts";

/** What this server can do, given what was found out about it. */
export function capabilitiesOf({ stream }: Features): Capabilities {
  return {
    sandboxes: {
      create: true,
      start: true,
      stop: true,
      pause: false,
      delete: true,
      ssh: true,
      logs: false,
      stats: false,
      exec: false,
      files: false,
      arrange_files: false,
      services: true,
      lifecycle_events: true,
    },
    sources: ["empty", "git"],
    spec_fields: [
      "git_repos",
      "env_vars",
      "secret_env_vars",
      "setup_script",
      // Sandbar keeps these itself.
      "labels",
      "auto_stop_minutes",
      "preset",
      "size",
      "snapshot",
      ...EXTRA_FIELDS.map((field) => `extra.${field}`),
    ],
    agents: { list: true, install: false },
    sessions: {
      create: true,
      discover: true,
      resume: true,
      end: true,
      live_events: stream === true,
      options: false,
      queue: false,
      interrupt: false,
      permissions: false,
      reject_message: false,
      always: false,
      questions: false,
      attachments: [],
      max_attachment_bytes: 0,
      mcp: false,
      skills: false,
    },
    secrets: { list: true, create: true, update: true, delete: true },
    provider_secrets: [...AGENT_KINDS],
    notes: {
      "sandboxes.pause": "Amika has no pause; a stopped sandbox keeps its files.",
      "sandboxes.logs": "Amika's API gives no logs; the lifecycle events tell what happened.",
      "sandboxes.stats": "Amika's API gives no resource figures.",
      "sandboxes.exec": "Amika's API runs no commands; use SSH.",
      "sandboxes.files": "Amika's API reads no files; use SSH.",
      "sandboxes.arrange_files": "Amika's API touches no files; use SSH.",
      "sources.copy": "Amika cannot reach a folder of this machine.",
      "agents.install": "Claude Code and Codex are part of every Amika sandbox.",
      "sessions.interrupt": NO_INTERRUPT,
      "sessions.permissions": NO_REQUESTS,
      "sessions.questions": NO_REQUESTS,
      "sessions.options": NO_OPTIONS,
      "sessions.attachments": NO_ATTACHMENTS,
      ...(stream !== true && {
        "sessions.live_events": "Amika tells the answer when the agent is done, which may take 10 minutes.",
      }),
    },
  };
}
