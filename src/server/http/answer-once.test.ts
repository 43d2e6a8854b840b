import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { answerOnce } from "./answer-once.ts";
import type { AppEnv } from "./env.ts";

/** An app whose command counts how often it is done; it fails while `fails` is true, and ends when it is let go. */
function setUp() {
  const state = { done: 0, fails: false, gate: Promise.resolve() };
  const app = new Hono<AppEnv>();
  app.onError((error, context) => context.json({ error: error.message }, 500));
  app.use("*", async (context, next) => {
    const who = context.req.header("who");
    if (who) context.set("credential_id", who);
    await next();
  });
  app.use("*", answerOnce());
  app.all("/things/:id", async (context) => {
    state.done += 1;
    const mine = state.done;
    await state.gate;
    if (state.fails) throw new Error("no room");
    return context.json({ done: mine }, 201);
  });
  app.delete("/gone", () => {
    state.done += 1;
    return new Response(null, { status: 204 });
  });
  app.post("/stream", () => {
    state.done += 1;
    return new Response("data: x\n\n", { headers: { "content-type": "text/event-stream" } });
  });
  const ask = async (path: string, key: string | null, { method = "POST", who = "ada" } = {}) => {
    const headers = { ...(who ? { who } : {}), ...(key ? { "idempotency-key": key } : {}) };
    const response = await app.request(path, { method, headers });
    const text = await response.text();
    return [response.status, text === "" ? null : text] as const;
  };
  return { state, ask };
}

describe("a command with a key", () => {
  it("is done once however often it comes, and answered alike", async () => {
    const { state, ask } = setUp();
    expect(await ask("/things/1", "k")).toEqual([201, '{"done":1}']);
    expect(await ask("/things/1", "k")).toEqual([201, '{"done":1}']);
    expect(await ask("/gone", "k", { method: "DELETE" })).toEqual([204, null]);
    expect(await ask("/gone", "k", { method: "DELETE" })).toEqual([204, null]);
    expect(state.done).toBe(2);
  });

  it("is done once when it comes again before the answer", async () => {
    const { state, ask } = setUp();
    let open = () => {};
    state.gate = new Promise((resolve) => (open = resolve));
    const both = Promise.all([ask("/things/1", "k"), ask("/things/1", "k")]);
    open();
    expect(await both).toEqual([
      [201, '{"done":1}'],
      [201, '{"done":1}'],
    ]);
  });

  it("is tried anew after it failed", async () => {
    const { state, ask } = setUp();
    state.fails = true;
    expect((await ask("/things/1", "k"))[0]).toBe(500);
    state.fails = false;
    expect(await ask("/things/1", "k")).toEqual([201, '{"done":2}']);
    expect(await ask("/things/1", "k")).toEqual([201, '{"done":2}']);
  });

  it("is another one with another key, path, method or caller, and without one", async () => {
    const { state, ask } = setUp();
    await ask("/things/1", "k");
    await ask("/things/1", "l");
    await ask("/things/2", "k");
    await ask("/things/1", "k", { method: "PATCH" });
    await ask("/things/1", "k", { who: "bo" });
    await ask("/things/1", null);
    await ask("/things/1", null);
    expect(state.done).toBe(7);
  });

  it("is left alone where nobody is signed in, where it only reads, and where its answer streams", async () => {
    const { state, ask } = setUp();
    for (const method of ["POST", "GET"]) {
      const options = method === "POST" ? { method, who: "" } : { method };
      await ask("/things/1", "k", options);
      await ask("/things/1", "k", options);
    }
    await ask("/stream", "k");
    await ask("/stream", "k");
    expect(state.done).toBe(6);
  });
});
