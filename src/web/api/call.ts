import type {
  API_BASE,
  BodyIn,
  Params,
  QueryIn,
  ResponseOf,
  RouteKey,
  Routes,
} from "#src/contract/routes.ts";
import { ApiError, commandError, errorFrom, isApiError, networkError } from "./api-error.ts";
import { randomName } from "./random-name.ts";
import { reportSignedOut } from "./signed-out.ts";

const base: typeof API_BASE = "/api/v1";
const keyHeader = "idempotency-key";

type ParamsOption<K extends RouteKey> = unknown extends Params<K> ? unknown : { params: Params<K> };
type QueryOption<K extends RouteKey> = QueryIn<K> extends undefined ? unknown : { query?: QueryIn<K> };
type BodyOption<K extends RouteKey> =
  BodyIn<K> extends undefined
    ? unknown
    : Routes[K] extends { bodyOptional: true }
      ? { body?: BodyIn<K> }
      : { body: BodyIn<K> };

export type CallOptions<K extends RouteKey> = ParamsOption<K> &
  QueryOption<K> &
  BodyOption<K> & { signal?: AbortSignal; headers?: Record<string, string>; key?: string };

type Query = Record<string, string | undefined>;

type LooseOptions = {
  params?: Record<string, string>;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  key?: string;
};

/**
 * Calls one route of the API: `call("GET /sandboxes/{sandbox_id}", { params: { sandbox_id } })`. Gives the body of the
 * answer; throws `ApiError` for everything else, and the signal's reason when it is aborted. A 401 also reports that
 * this browser is signed out. Every command has a key, so that the server does it once though the browser sends it again,
 * as it does when a connection breaks before the answer; `key` is for a person who sends it again.
 */
export async function call<K extends RouteKey>(
  key: K,
  ...[options]: Partial<CallOptions<K>> extends CallOptions<K> ? [CallOptions<K>?] : [CallOptions<K>]
): Promise<ResponseOf<K>> {
  const { params, query, body, signal, headers, key: command }: LooseOptions = options ?? {};
  const { method, url } = target(key, params, query);
  const init = {
    method,
    signal,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(command ? { [keyHeader]: command } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  // The server validates what it sends with the same contract, so the page does not check it again.
  return request(url, init, (response) => readBody(response, signal)) as Promise<ResponseOf<K>>;
}

/** A call whose body is not JSON; `path` is below the API's base. Gives the answer's bytes; throws as `call` does. */
export function rawCall(path: string, init: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = (response: Response) => whole(() => response.arrayBuffer(), init.signal);
  return request(rawUrl(path), init, async (response) => new Uint8Array(await bytes(response)));
}

/** The address of such a call, for a link. */
export function rawUrl(path: string): string {
  return base + path;
}

async function request<T>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const headers = new Headers(init.headers);
  const isCommand = init.method !== undefined && init.method !== "GET";
  if (isCommand && !headers.has(keyHeader)) headers.set(keyHeader, randomName());
  try {
    const response = await whole(() => fetch(url, { ...init, headers }), init.signal);
    if (response.ok) return await read(response);
    if (response.status === 401) reportSignedOut();
    throw errorFrom(response.status, await readBody(response, init.signal));
  } catch (error) {
    throw isCommand && isApiError(error, "network") ? commandError(error) : error;
  }
}

/** The method and the address of a route: its braces filled, its query without absent values. */
export function target(
  key: RouteKey,
  params: Record<string, string> = {},
  query: Query = {},
): { method: string; url: string } {
  const [method = "GET", path = ""] = key.split(" ");
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (!value) throw new Error(`${key} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, value);
  }
  return { method, url: `${base}${filled}${search.size > 0 ? `?${search}` : ""}` };
}

/** A part of an answer, or the error that says that the connection broke before it came. */
async function whole<T>(receive: () => Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  try {
    return await receive();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw networkError(0, error);
  }
}

async function readBody(response: Response, signal: AbortSignal | null | undefined): Promise<unknown> {
  const text = await whole(() => response.text(), signal);
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return undefined;
    throw new ApiError(
      response.status,
      "bad_answer",
      "The server's answer could not be read. Reload the page.",
    );
  }
}
