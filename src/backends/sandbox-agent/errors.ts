import { BackendError, type BackendErrorCode } from "#src/backends/backend-error.ts";
import { serverWord } from "#src/backends/shared/agent-server.ts";
import { detailsOf, isInconclusive } from "#src/backends/shared/http-error.ts";
import { failureOf } from "./map.ts";
import type { RpcOutcome } from "./rpc.ts";

/** Whether the server does not know the instance that a message was for: after a restart it wants a first one again. */
export function isForgotten(error: unknown): boolean {
  return (
    serverWord(error) === "invalid_request" &&
    error instanceof BackendError &&
    error.message.includes("first POST")
  );
}

/** What a person is told when the server is there and knows nothing of the session's process. */
export function restarted(cause: BackendError): BackendError {
  const message =
    "The server no longer runs this session's agent: it was restarted, or the agent was ended there. Send the prompt again to go on.";
  return new BackendError("agent_failed", message, { cause });
}

/** Whether no further try can bring the stream back: the instance is gone or the token is refused. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof BackendError &&
    (error.code === "unauthorized" || serverWord(error) === "session_not_found")
  );
}

/**
 * Whether a failed POST proves that its request did not and will not reach the agent. A broken connection or a proxy that
 * gave up proves nothing: the turn may go on, and then its end comes by the stream.
 */
export function isVerdict(error: unknown): boolean {
  const status = detailsOf(error)?.status;
  const word = serverWord(error);
  return status !== undefined && (word === null ? !isInconclusive(status) : word !== "timeout");
}

const WORDS: Readonly<Record<string, BackendErrorCode>> = {
  agent_not_installed: "agent_not_installed",
  install_failed: "agent_not_installed",
  unsupported_agent: "invalid_request",
  agent_process_exited: "agent_failed",
  stream_error: "agent_failed",
  mode_not_supported: "unsupported",
  session_already_exists: "already_exists",
};

/** An error of the server's in the port's words, where the HTTP status alone says too little. */
export function refine<E>(error: E): E | BackendError {
  const word = serverWord(error);
  const code = word === null ? undefined : WORDS[word];
  if (!code || !(error instanceof BackendError)) return error;
  return new BackendError(code, error.message, { cause: error, details: error.details });
}

/** The error of a request that did not succeed. */
export function outcomeError(outcome: Exclude<RpcOutcome, { kind: "result" }>): BackendError {
  if (outcome.kind === "failed") return refine(outcome.error);
  const { error, code, stderr } = failureOf(outcome.error);
  return new BackendError(rpcCode(outcome.error.code), error, { details: { rpc_code: code, stderr } });
}

/** JSON-RPC's codes, and ACP's -32000 for a sign-in that is missing. */
function rpcCode(code: number): BackendErrorCode {
  if (code === -32601) return "unsupported";
  if (code === -32602) return "invalid_request";
  if (code === -32002) return "not_found";
  return "agent_failed";
}
