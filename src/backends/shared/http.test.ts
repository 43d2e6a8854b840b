import { expect, test } from "vitest";
import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import type { Exchange } from "#src/backends/backend.ts";
import { createHttp, type Fetch } from "./http.ts";

const Answer = z.object({ ok: z.boolean() });

function httpWith(fetch: Fetch, exchanges: Exchange[] = []) {
  return createHttp({
    base_url: "https://api.test/root/",
    token: "tok-123",
    fetch,
    now: () => 1_000_000,
    onExchange: (exchange) => exchanges.push(exchange),
  });
}

async function failureOf(fetch: Fetch): Promise<BackendError> {
  const error = await httpWith(fetch)
    .json({ path: "/x", timeout_ms: 20 }, Answer)
    .catch((reason: unknown) => reason);
  if (!(error instanceof BackendError)) throw new Error("expected a BackendError", { cause: error });
  return error;
}

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Fetch =>
  () =>
    Promise.resolve(new Response(body, { status, headers }));

const broken =
  (code: string): Fetch =>
  () =>
    Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }));

test.each<[string, Fetch, string, RegExp]>([
  ["401", answer(401, '{"detail":"no tok-123"}'), "unauthorized", /did not accept the token.*no •••/],
  ["403", answer(403, "{}"), "unauthorized", /forbids/],
  [
    "404 problem",
    answer(404, '{"type":"urn:x:session_not_found","detail":"no such session"}'),
    "not_found",
    /^no such session$/,
  ],
  [
    "409 nested",
    answer(409, '{"error":{"code":"busy","message":"still running"}}'),
    "invalid_state",
    /still running/,
  ],
  ["413 text", answer(413, "length limit exceeded"), "too_large", /length limit exceeded/],
  ["422 text", answer(422, "unknown variant"), "invalid_request", /unknown variant/],
  ["429", answer(429, "{}", { "retry-after": "7" }), "rate_limited", /Try again later/],
  ["500 error page", answer(500, "<!doctype html><h1>Oops</h1>"), "upstream_error", /status 500/],
  ["504", answer(504, ""), "timeout", /status 504/],
  [
    "redirect",
    answer(302, "", { location: "https://login.test/" }),
    "upstream_error",
    /redirects to https:\/\/login.test/,
  ],
  ["page", answer(200, "<!DOCTYPE html><html></html>"), "upstream_error", /web page/],
  ["not JSON", answer(200, "ok"), "upstream_error", /not JSON/],
  ["wrong shape", answer(200, '{"ok":1}'), "upstream_error", /expected shape \(ok:/],
  ["refused", broken("ECONNREFUSED"), "unreachable", /Nothing listens at api.test/],
  ["unknown host", broken("ENOTFOUND"), "unreachable", /is unknown/],
  ["certificate", broken("DEPTH_ZERO_SELF_SIGNED_CERT"), "unreachable", /trusted TLS/],
  ["reset", broken("ECONNRESET"), "unreachable", /ECONNRESET/],
  [
    "no answer",
    (_, init) =>
      new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    "timeout",
    /did not answer/,
  ],
])("%s is told as what it is", async (_, fetch, code, message) => {
  const error = await failureOf(fetch);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(JSON.stringify([error.message, error.details])).not.toContain("tok-123");
});

test("Retry-After and the upstream's code are kept in the details", async () => {
  const error = await failureOf(
    answer(429, '{"error":{"code":"slow_down","message":"x"}}', { "retry-after": "7" }),
  );
  expect(error.details).toMatchObject({ status: 429, upstream_code: "slow_down", retry_after_ms: 7000 });
});

test("a request carries the token, the query and the JSON body; the exchange carries no token", async () => {
  const exchanges: Exchange[] = [];
  let seen: { url: string; init: RequestInit } | null = null;
  const http = httpWith((url, init) => {
    seen = { url, init };
    return Promise.resolve(new Response('{"ok":true}'));
  }, exchanges);
  await http.json(
    { method: "POST", path: "/a", query: { q: "x y", none: undefined }, body: { n: 1 } },
    Answer,
  );
  expect(seen).toMatchObject({
    url: "https://api.test/root/a?q=x+y",
    init: {
      method: "POST",
      body: '{"n":1}',
      headers: { authorization: "Bearer tok-123", "content-type": "application/json" },
    },
  });
  expect(exchanges).toEqual([
    {
      at: "1970-01-01T00:16:40.000Z",
      method: "POST",
      url: "https://api.test/root/a?q=x+y",
      body: { n: 1 },
      status: 200,
      duration_ms: 0,
      error: null,
    },
  ]);
});

test("a private body never reaches the exchange log", async () => {
  const exchanges: Exchange[] = [];
  const http = httpWith(answer(200, '{"ok":true}'), exchanges);
  await http.json({ method: "POST", path: "/s", body: { value: "hunter2" }, private_body: true }, Answer);
  expect(JSON.stringify(exchanges)).not.toContain("hunter2");
});

test("an answer over the limit is not read to its end", async () => {
  const error = await httpWith(answer(200, "x".repeat(1000)))
    .bytes({ path: "/f", max_bytes: 999 })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "too_large" });
});

test("the caller's abort is thrown as the caller's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  const call = httpWith(
    (_, init) =>
      new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("x")))),
  ).json({ path: "/x", signal: controller.signal }, Answer);
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});

test("a base URL without a scheme is refused at once", () => {
  expect(() => createHttp({ base_url: "localhost:2468", token: null })).toThrow(/scheme/);
});
