import type { LookupFunction } from "node:net";
import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from "undici";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** As long as a turn may take, in ms: some servers answer a prompt only when its turn is over. */
const LONGEST_ANSWER_MS = 24 * 60 * 60_000;

/** `fetch` whose answers may take a day; the built-in one gives up after five minutes. Who wants it sooner aborts. */
export function createLongFetch(lookup?: LookupFunction): Fetch {
  const dispatcher = new Agent({
    headersTimeout: LONGEST_ANSWER_MS,
    bodyTimeout: LONGEST_ANSWER_MS,
    connect: lookup ? { lookup } : {},
  });
  // Both fetches are of one standard; only the dispatcher is undici's own.
  return (url, init) => undiciFetch(url, { ...(init as UndiciInit), dispatcher });
}
