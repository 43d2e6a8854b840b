import { BackendError, type BackendErrorCode } from "#src/backends/backend-error.ts";
import { detailsOf, isInconclusive } from "#src/backends/shared/http-error.ts";
import { ErrorBody, LegacyResult } from "./wire.ts";

/** The HTTP status of an error, or null when no answer came. */
export function statusOf(error: unknown): number | null {
  return detailsOf(error)?.status ?? null;
}

/** The API's own word for an error, or null when something before it answered. */
export function errorWord(error: unknown): string | null {
  const body = ErrorBody.safeParse(detailsOf(error)?.body).data;
  return body?.code ?? body?.error_code ?? null;
}

/** Whether the API has no such route: older than the route, or not this API at all. */
export function isNoRoute(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 405 || status === 501) return true;
  return status === 404 && !errorWord(error)?.endsWith("_not_found");
}

/** Whether an error is the port's own with this code. */
export function hasCode(error: unknown, code: BackendErrorCode): error is BackendError {
  return error instanceof BackendError && error.code === code;
}

/**
 * What a failed send says of its turn. `refused`: the agent never got the prompt, or its failure is told. `answered`: the
 * turn is over, but its answer is unreadable. `lost`: the prompt may be at work (spec 1.3: a turn goes on without its
 * client), so it must not be sent again.
 */
export function fateOf(error: unknown): "refused" | "answered" | "lost" {
  if (!(error instanceof BackendError)) return "lost";
  const status = statusOf(error);
  if (status === null)
    return error.code === "too_large" || error.code === "upstream_error" ? "answered" : "lost";
  if (status < 300) return "answered";
  return isInconclusive(status) ? "lost" : "refused";
}

const AUTH_PHRASES = [
  "authentication_error",
  "Invalid authentication credentials",
  "Failed to authenticate",
] as const;

/** Why a turn failed, in words and a code that say what to do. */
export type TurnFailure = { error: string; code: string | null };

/** An agent's own failure: the text it answered with. */
export function failureOfText(text: string, agent: string): TurnFailure {
  if (!AUTH_PHRASES.some((phrase) => text.includes(phrase))) {
    return { error: text || "The agent failed and gave no reason.", code: "agent_failed" };
  }
  return {
    error: `The AI provider does not accept the credential that ${agent} runs with. Add or renew a ${agent} credential for this backend under Secrets, then send the prompt again; a sandbox that was made without one has to be made anew. It said: ${text}`,
    code: "agent_unauthorized",
  };
}

/** What an error of a send says; the older answer for an agent that cannot log in is read out of its JSON text. */
export function failureOf(error: unknown, agent: string): TurnFailure {
  const legacy = legacyResult(error);
  if (legacy !== null) return failureOfText(legacy, agent);
  if (error instanceof BackendError) return { error: error.message, code: error.code };
  return { error: "The connection to Amika broke.", code: "unreachable" };
}

function legacyResult(error: unknown): string | null {
  const details = ErrorBody.safeParse(detailsOf(error)?.body).data?.details;
  if (typeof details !== "string") return null;
  try {
    return LegacyResult.safeParse(JSON.parse(details)).data?.result ?? null;
  } catch {
    return null;
  }
}

/** The same error under another code and sentence. */
export function retold(error: BackendError, code: BackendErrorCode, message = error.message): BackendError {
  return new BackendError(code, message, { cause: error, details: error.details });
}
