import type { Capabilities } from "#src/domain/backend.ts";
import { MAX_UPLOAD_BYTES } from "./attachments.ts";
import { NO_INTERRUPT } from "./link.ts";
import type { Features } from "./open.ts";

export const NO_LIFECYCLE = "The server is one sandbox that is started and stopped where it runs.";
const NO_FILES = "This server is older than 0.1.11, which has no file routes.";

/** What a server can do, given what was found out about its version; until it was asked, files count as there. */
export function capabilitiesOf({ files, abort }: Features): Capabilities {
  const hasFiles = files !== false;
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
      exec: false,
      files: hasFiles,
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
      interrupt: abort === true,
      permissions: true,
      reject_message: false,
      always: true,
      questions: true,
      attachments: hasFiles ? ["image", "file"] : [],
      max_attachment_bytes: MAX_UPLOAD_BYTES,
      mcp: true,
      skills: true,
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
      "sandboxes.exec": "Sandbox Agent 0.1 runs commands only through its agents.",
      "sessions.options": "Mode, model and permissions are chosen when a session starts and stay.",
      "sessions.reject_message": "Its API has no words for a rejection, only once, always and reject.",
      "secrets.list": "The agents take their keys from the environment that the server was started in.",
      ...(abort !== true && { "sessions.interrupt": NO_INTERRUPT }),
      ...(!hasFiles && { "sandboxes.files": NO_FILES, "sessions.attachments": NO_FILES }),
    },
  };
}
