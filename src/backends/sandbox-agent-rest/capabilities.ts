import { agentServerCapabilities, MAX_BODY_BYTES } from "#src/backends/shared/agent-server.ts";
import type { Capabilities } from "#src/domain/backend.ts";
import { NO_INTERRUPT } from "./link.ts";
import type { Features } from "./open.ts";

const NO_FILES = "This server is older than 0.1.11, which has no file routes.";

/** What a server can do, given what was found out about its version; until it was asked, files count as there. */
export function capabilitiesOf({ files, abort }: Features): Capabilities {
  const hasFiles = files !== false;
  return agentServerCapabilities({
    exec: false,
    files: hasFiles,
    options: false,
    interrupt: abort === true,
    attachments: hasFiles ? ["image", "file"] : [],
    max_attachment_bytes: MAX_BODY_BYTES,
    skills: true,
    notes: {
      "sandboxes.exec": "Sandbox Agent 0.1 runs commands only through its agents.",
      "sessions.options": "Mode, model and permissions are chosen when a session starts and stay.",
      "sessions.reject_message": "Its API has no words for a rejection, only once, always and reject.",
      ...(abort !== true && { "sessions.interrupt": NO_INTERRUPT }),
      ...(!hasFiles && {
        "sandboxes.files": NO_FILES,
        "sandboxes.arrange_files": NO_FILES,
        "sessions.attachments": NO_FILES,
      }),
    },
  });
}
