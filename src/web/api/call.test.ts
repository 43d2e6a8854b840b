import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { ApiError } from "./api-error.ts";
import { call, target } from "./call.ts";
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
    const fetch = answer(204, "");
    expect(await call("POST /sign-in", { body: { code: "c" } })).toBeUndefined();
    expect(fetch).toHaveBeenCalledWith(
      "/api/v1/sign-in",
      expect.objectContaining({ body: '{"code":"c"}', headers: { "content-type": "application/json" } }),
    );
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
    ["an error page of something else", 502, "<html>", "bad_answer"],
    ["an unreadable answer", 200, "<html>", "bad_answer"],
    ["JSON that is no error", 500, '{"error":"boom"}', "bad_answer"],
  ])("throws an ApiError for %s", async (_, status, body, code) => {
    answer(status, body);
    expect(await failure(call("GET /backends"))).toMatchObject({ name: "ApiError", status, code });
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
