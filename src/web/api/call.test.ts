import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { ApiError } from "./api-error.ts";
import { call, rawCall, target } from "./call.ts";
import { onSignedOut } from "./signed-out.ts";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string) {
  const fetch = vi.fn(async () => new Response(status === 204 ? null : body, { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe("call", () => {
  it("fills the path, leaves absent query values out and types the answer", async () => {
    const fetch = answer(200, JSON.stringify({ id: "a/b" }));
    const sandbox = await call("GET /sandboxes/{sandbox_id}", { params: { sandbox_id: "a/b" } });
    expectTypeOf(sandbox).toEqualTypeOf<Sandbox>();
    expect(fetch).toHaveBeenCalledWith("/api/v1/sandboxes/a%2Fb", expect.objectContaining({ method: "GET" }));
    expect(target("GET /sessions", {}, { q: "x y", state: undefined, backend: "" }).url).toBe(
      "/api/v1/sessions?q=x+y",
    );
  });

  it("sends a body as JSON and gives undefined for an empty answer", async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(null, { status: 204 }));
    vi.stubGlobal("fetch", fetch);
    expect(await call("POST /sign-in", { body: { code: "c" } })).toBeUndefined();
    expect(fetch).toHaveBeenCalledWith("/api/v1/sign-in", expect.objectContaining({ body: '{"code":"c"}' }));
    const headers = new Headers(fetch.mock.calls[0]?.[1].headers);
    expect(headers.get("content-type")).toBe("application/json");
  });

  it("refuses a missing path parameter instead of calling a wrong address", () => {
    expect(() => target("GET /sandboxes/{sandbox_id}", {})).toThrow("needs the parameter sandbox_id");
  });

  it.each([
    [
      "the API's error",
      409,
      '{"error":{"code":"already_resolved","message":"Ada answered"}}',
      "already_resolved",
    ],
    ["an error page of something else", 403, "<html>", "bad_answer"],
    ["a proxy that does not reach the server", 502, "<html>", "network"],
    ["the server's own 503", 503, '{"error":{"code":"store_busy","message":"Later"}}', "store_busy"],
    ["an unreadable answer", 200, "<html>", "bad_answer"],
    ["JSON that is no error", 500, '{"error":"boom"}', "bad_answer"],
  ])("throws an ApiError for %s", async (_, status, body, code) => {
    answer(status, body);
    expect(await failure(call("GET /backends"))).toMatchObject({ name: "ApiError", status, code });
  });

  it("gives every command a key of its own, or the one it is told, and a question none", async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response("{}"));
    vi.stubGlobal("fetch", fetch);
    await call("POST /sign-out");
    await call("POST /sign-out");
    await call("POST /sign-out", { key: "mine" });
    await call("GET /me");
    const keys = fetch.mock.calls.map(([, init]) => new Headers(init.headers).get("idempotency-key"));
    expect(new Set(keys).size).toBe(4);
    expect(keys.slice(2)).toEqual(["mine", null]);
  });

  it("does not say of a command without an answer that it was not done", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    const words = expect.stringContaining("may have been done");
    expect(await failure(call("POST /sign-out"))).toMatchObject({ code: "network", message: words });
    expect(await failure(call("GET /me"))).not.toMatchObject({ message: words });
  });

  it("says so when the connection breaks in the middle of an answer", async () => {
    const broken = () => {
      let began = false;
      const body = new ReadableStream({
        pull: (stream) => (began ? stream.error(new TypeError("network error")) : stream.enqueue(begin())),
      });
      const begin = () => ((began = true), new TextEncoder().encode('{"id":'));
      return new Response(body);
    };
    vi.stubGlobal("fetch", async () => broken());
    expect(await failure(call("GET /backends"))).toMatchObject({ status: 0, code: "network" });
    expect(await failure(rawCall("/file", {}))).toMatchObject({ status: 0, code: "network" });
  });

  it("says so when no answer comes, and passes an abort on as it is", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await failure(call("GET /backends"))).toMatchObject({ status: 0, code: "network" });

    const aborted = AbortSignal.abort();
    const error = await failure(call("GET /backends", { signal: aborted }));
    expect(error).not.toBeInstanceOf(ApiError);
  });

  it("reports a 401", async () => {
    const listener = vi.fn();
    const off = onSignedOut(listener);
    answer(401, '{"error":{"code":"unauthorized","message":"Sign in"}}');
    await failure(call("GET /me"));
    expect(listener).toHaveBeenCalledOnce();
    off();
  });
});
