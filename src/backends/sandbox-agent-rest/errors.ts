import { BackendError, type BackendErrorCode } from "#src/backends/backend-error.ts";
import { serverWord } from "#src/backends/shared/agent-server.ts";
import { detailsOf } from "#src/backends/shared/http-error.ts";

/** Whether the server has no such route: an older version, or not this server at all. */
export function isNoRoute(error: unknown): boolean {
  const status = detailsOf(error)?.status;
  return (status === 404 || status === 405) && serverWord(error) === null;
}

const WORDS: Readonly<Record<string, BackendErrorCode>> = {
  agent_not_installed: "agent_not_installed",
  install_failed: "agent_not_installed",
  agent_process_exited: "agent_failed",
  stream_error: "agent_failed",
  mode_not_supported: "unsupported",
  session_already_exists: "already_exists",
};

/** An error in the port's words, where the HTTP status alone says too little; sentences that say what to do. */
export function refine(error: unknown): unknown {
  if (!(error instanceof BackendError)) return error;
  const { message, details } = error;
  const told = (code: BackendErrorCode, text: string): BackendError =>
    new BackendError(code, text, { cause: error, details });
  const word = serverWord(error);
  if (word === "session_not_found") {
    return told(
      "not_found",
      "The server does not know this session any more: it keeps sessions in memory, so a restart loses them. The history here stays; start a new session to go on.",
    );
  }
  if (/unknown (permission|question) id/.test(message))
    return told("already_resolved", "The agent no longer waits for this answer.");
  if (/session terminated/.test(message))
    return told("invalid_state", "This session was ended on the server. Start a new one to go on.");
  const code = word === null ? undefined : WORDS[word];
  return code ? told(code, message) : error;
}

/** Whether no further try can bring the stream back. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof BackendError)) return false;
  return error.code === "unauthorized" || serverWord(error) === "session_not_found";
}
