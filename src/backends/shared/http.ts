import type * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import type { Exchange } from "#src/backends/backend.ts";
import { errorOfResponse, errorOfTransport } from "./http-error.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type HttpConfig = {
  /** Where the API's paths start; a trailing slash is ignored. */
  base_url: string;
  /** Sent as `Authorization: Bearer`; never part of an error or an exchange. */
  token: string | null;
  headers?: Readonly<Record<string, string>>;
  /** For calls that name none; covers the answer's body too. */
  timeout_ms?: number;
  /** Longest body that is read, in bytes. */
  max_bytes?: number;
  fetch?: Fetch;
  /** Milliseconds since the epoch. */
  now?: () => number;
  onExchange?: (exchange: Exchange) => void;
};

export type HttpRequest = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with a slash; segments are already encoded. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: { bytes: Uint8Array<ArrayBuffer>; content_type: string };
  /** Keeps the body out of the exchange log, for calls that carry secret values. */
  private_body?: boolean;
  /** Null: no limit, for answers that take hours. */
  timeout_ms?: number | null;
  max_bytes?: number;
  signal?: AbortSignal;
  onExchange?: (exchange: Exchange) => void;
};

export type Http = {
  readonly base_url: string;
  /** The answer's JSON, checked; `{}` stands for an empty body. */
  json<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T>;
  bytes(request: HttpRequest): Promise<Uint8Array>;
  /** The answer as soon as its headers are in; the body is the caller's to read, and `timeout_ms` ends with the headers. */
  open(request: HttpRequest): Promise<Response>;
};

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * A JSON API over `fetch`. Every call throws `BackendError` for a status of 300 or more, a broken connection, a
 * time-out or a body that is not what was asked for; and the reason of `signal` when the caller aborts. Redirects are
 * not followed: they would carry the token to an address that nobody approved.
 * @throws BackendError `invalid_request` at once when `base_url` is not an http(s) URL
 */
export function createHttp(config: HttpConfig): Http {
  const base_url = parseBaseUrl(config.base_url);
  const fetch = config.fetch ?? globalThis.fetch.bind(globalThis);
  const now = config.now ?? Date.now;

  function initOf(request: HttpRequest, signal: AbortSignal): RequestInit {
    const headers: Record<string, string> = {
      accept: "application/json",
      ...config.headers,
      ...request.headers,
    };
    if (config.token !== null) headers.authorization = `Bearer ${config.token}`;
    const init: RequestInit = { method: request.method ?? "GET", headers, signal, redirect: "manual" };
    if (request.raw) {
      headers["content-type"] = request.raw.content_type;
      init.body = request.raw.bytes;
    } else if (request.body !== undefined) {
      headers["content-type"] = "application/json";
      init.body = JSON.stringify(request.body);
    }
    return init;
  }

  /** Sends, reads with `read` under the same time-out, and tells the exchange whatever happens. */
  async function run<T>(
    request: HttpRequest,
    read: (response: Response, limit: number) => Promise<T>,
  ): Promise<T> {
    const url = base_url + request.path + queryOf(request.query);
    const timeout_ms =
      request.timeout_ms === undefined ? (config.timeout_ms ?? DEFAULT_TIMEOUT_MS) : request.timeout_ms;
    const limit = request.max_bytes ?? config.max_bytes ?? DEFAULT_MAX_BYTES;
    const started = now();
    const timer = createTimeout(timeout_ms, request.signal);
    let status: number | null = null;
    let failure: unknown = null;
    try {
      const response = await fetch(url, initOf(request, timer.signal));
      status = response.status;
      if (status >= 300)
        throw await errorOfResponse(response, { url, token: config.token, now: now(), readText });
      return await read(response, limit);
    } catch (error) {
      request.signal?.throwIfAborted();
      failure = timer.expired() ? timeoutError(url, timeout_ms) : errorOfTransport(error, url);
      throw failure;
    } finally {
      timer.clear();
      const exchange: Exchange = {
        at: new Date(started).toISOString(),
        method: request.method ?? "GET",
        url,
        body: bodyForLog(request),
        status,
        duration_ms: now() - started,
        error: failure instanceof Error ? failure.message : null,
      };
      config.onExchange?.(exchange);
      request.onExchange?.(exchange);
    }
  }

  return {
    base_url,
    json: (request, schema) =>
      run(request, async (response, limit) => parseJson(await readText(response, limit), schema, response)),
    bytes: (request) => run(request, readBytes),
    open: (request) => run(request, (response) => Promise.resolve(response)),
  };
}

function parseBaseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text.replace(/\/+$/, "");
  throw new BackendError(
    "invalid_request",
    `"${text}" is not a URL. Write it with its scheme: https://host:port`,
  );
}

function queryOf(query: HttpRequest["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  return search.size > 0 ? `?${search.toString()}` : "";
}

function bodyForLog(request: HttpRequest): unknown {
  if (request.private_body) return "(not logged: it holds a secret)";
  return request.raw ? `(${request.raw.bytes.byteLength} bytes)` : (request.body ?? null);
}

/** A signal that fires for the caller's abort or the time limit, and knows which. */
function createTimeout(ms: number | null, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  let expired = false;
  const timer =
    ms === null
      ? undefined
      : setTimeout(() => {
          expired = true;
          controller.abort();
        }, ms);
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    expired: () => expired,
    clear: () => clearTimeout(timer),
  };
}

function timeoutError(url: string, ms: number | null): BackendError {
  const seconds = Math.round((ms ?? 0) / 1000);
  return new BackendError(
    "timeout",
    `${new URL(url).host} did not answer within ${seconds} s. Try again, or check the server's load.`,
  );
}

/** Reads at most `limit` bytes. @throws BackendError `too_large` */
async function readBytes(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by an error cancels the body.
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > limit)
      throw new BackendError("too_large", `The answer is larger than ${limit} bytes and was not read.`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

async function readText(response: Response, limit: number): Promise<string> {
  return new TextDecoder().decode(await readBytes(response, limit));
}

function parseJson<T>(text: string, schema: z.ZodType<T>, response: Response): T {
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    const page = /^\s*<(!doctype|html)/i.test(text);
    const what = page ? "a web page" : "something that is not JSON";
    throw new BackendError(
      "upstream_error",
      `The server answered with ${what}. Check that the URL is the API's, not a page's.`,
      {
        cause,
        details: { status: response.status },
      },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BackendError(
    "upstream_error",
    `The server's answer is not in the expected shape (${issue?.path.join(".") || "root"}: ${issue?.message ?? "invalid"}).`,
    { cause: parsed.error, details: { status: response.status } },
  );
}
