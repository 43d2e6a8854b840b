import * as z from "zod";
import { BackendError, type BackendErrorCode } from "#src/backends/backend-error.ts";
import { parseRetryAfter } from "./retry.ts";

/** What adapters may rely on in `BackendError.details` when the upstream answered with an error status. */
export type HttpErrorDetails = {
  status: number;
  /** The upstream's own error code, as it wrote it. */
  upstream_code: string | null;
  retry_after_ms: number | null;
  /** The parsed body, or its first text. */
  body: unknown;
};

/** What is known of an error that a call threw; null when no answer came. */
export function detailsOf(error: unknown): Partial<HttpErrorDetails> | null {
  if (!(error instanceof BackendError)) return null;
  return typeof error.details === "object" ? error.details : null;
}

const MAX_ERROR_BYTES = 256 * 1024;
const MAX_MESSAGE = 500;

/** The many ways an API writes an error: problem+json, `{error: {…}}`, `{error: "…"}`, `{message}`. */
const ErrorFields = z.looseObject({
  type: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  message: z.string().optional(),
  detail: z.string().optional(),
  title: z.string().optional(),
  error: z.unknown().optional(),
});

type Context = {
  url: string;
  token: string | null;
  now: number;
  readText: (response: Response, limit: number) => Promise<string>;
};

/** Reads an answer of status 300 or more and says what it means for the person who made the call. */
export async function errorOfResponse(response: Response, context: Context): Promise<BackendError> {
  // A body that cannot be read takes nothing from the status, which is the answer.
  const text = await context.readText(response, MAX_ERROR_BYTES).catch(() => "");
  const body = parseBody(text);
  const told = describeBody(body);
  const details: HttpErrorDetails = {
    status: response.status,
    upstream_code: told.code,
    retry_after_ms: parseRetryAfter(response.headers.get("retry-after"), context.now),
    body: redact(body, context.token),
  };
  const host = new URL(context.url).host;
  const message = redactText(messageFor(response, host, told.message), context.token);
  return new BackendError(codeForStatus(response.status), message, { details });
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.slice(0, MAX_MESSAGE);
  }
}

function describeBody(body: unknown): { code: string | null; message: string | null } {
  if (typeof body === "string") {
    const plain = body.trim();
    return { code: null, message: plain === "" || plain.startsWith("<") ? null : plain };
  }
  const parsed = ErrorFields.safeParse(body);
  if (!parsed.success) return { code: null, message: null };
  const { error, code, type, message, detail, title } = parsed.data;
  if (typeof error === "object" && error !== null) return describeBody(error);
  const own = message ?? detail ?? (typeof error === "string" ? error : title);
  const word = code ?? (typeof error === "string" && own !== error ? error : type);
  return { code: word === undefined ? null : String(word), message: own?.slice(0, MAX_MESSAGE) ?? null };
}

function codeForStatus(status: number): BackendErrorCode {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404 || status === 410) return "not_found";
  if (status === 408 || status === 504) return "timeout";
  if (status === 409) return "invalid_state";
  if (status === 413) return "too_large";
  if (status === 429) return "rate_limited";
  if (status === 501 || status === 405) return "unsupported";
  if (status >= 400 && status < 500) return "invalid_request";
  return "upstream_error";
}

/** Whether a status comes from a proxy that gave up waiting: the upstream may not have, and the call may have been made. */
export function isInconclusive(status: number): boolean {
  return status === 408 || status === 502 || status === 504 || status >= 520;
}

function messageFor(response: Response, host: string, told: string | null): string {
  const { status } = response;
  const said = told === null ? "" : ` It said: ${told}`;
  if (status < 400) {
    const target = response.headers.get("location");
    return `${host} redirects${target ? ` to ${target}` : ""}; redirects are not followed. Use the final address as the URL.`;
  }
  if (status === 401) return `${host} did not accept the token. Check or renew it.${said}`;
  if (status === 403) return `${host} forbids this with the given token.${said}`;
  if (status === 413) return `${host} refused the request as too large.${said}`;
  if (status === 429) return `${host} limits the rate of calls. Try again later.${said}`;
  return told ?? `${host} answered with status ${status}.`;
}

/** What went wrong when no answer came at all. Errors that are already the port's pass through. */
export function errorOfTransport(error: unknown, url: string): BackendError {
  if (error instanceof BackendError) return error;
  const { host } = new URL(url);
  return new BackendError("unreachable", transportMessage(systemCodeOf(error), host), { cause: error });
}

function systemCodeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (typeof cause !== "object" || cause === null) return "";
  return "code" in cause && typeof cause.code === "string" ? cause.code : "";
}

function transportMessage(code: string, host: string): string {
  if (code === "ECONNREFUSED")
    return `Nothing listens at ${host}. Check that the server runs and the port is right.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `The host of ${host} is unknown. Check the URL and the network.`;
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL|EPROTO/.test(code)) {
    return `No trusted TLS connection to ${host} (${code}). Check the scheme (http or https) and the certificate.`;
  }
  if (/TIMEDOUT|_TIMEOUT/.test(code)) return `${host} does not answer. Check the address and the firewall.`;
  return `The connection to ${host} failed${code === "" ? "" : ` (${code})`}. Check the network; it may pass.`;
}

function redactText(text: string, token: string | null): string {
  return token === null || token === "" ? text : text.replaceAll(token, "•••");
}

/** An upstream may echo the token it was sent. */
function redact(body: unknown, token: string | null): unknown {
  if (typeof body === "string") return redactText(body, token);
  if (token === null || token === "" || body === undefined) return body;
  const text = JSON.stringify(body);
  return text.includes(token) ? redactText(text, token) : body;
}
