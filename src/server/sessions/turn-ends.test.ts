import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import { type SessionStage, startSessionStage } from "#src/testing/session-service.ts";

const ann = { name: "ann", client: "test" };
const say = (text: string) => [{ type: "text" as const, text }];

let stage: SessionStage | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await stage?.close();
});

/** A session with the link that was opened for it. */
async function setUp(patience?: Parameters<typeof startSessionStage>[0]) {
  stage = await startSessionStage(patience);
  return { ...stage, ...(await stage.start()) };
}

describe("a turn", () => {
  test("is stopped by its agent", async () => {
    const { id, link, sessions } = await setUp();
    await sessions.send(id, say("go"), ann);
    await sessions.interrupt(id, ann);
    expect([(await sessions.read(id)).stopping, link.interrupts]).toEqual([true, 1]);
    link.done("cancelled");
    await vi.waitFor(async () => expect((await sessions.read(id)).stopping).toBe(false));
  });

  test("is cut off when its agent does not listen to a stop, and the session goes on", async () => {
    const { id, link, sessions, backend, log } = await setUp({ stopPatienceMs: 20 });
    await sessions.send(id, say("go"), ann);
    await sessions.interrupt(id, ann);
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
    expect(link.closed).toEqual(["end"]);
    expect((await log(id)).at(-1)).toMatchObject({
      event_type: "session_completed",
      data: { stop_reason: "cancelled" },
    });
    await sessions.send(id, say("again"), ann);
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["again"]));
    expect(backend.links.at(-1)?.request.resume).toMatchObject({ ref: `upstream-${id}` });
  });

  test("is stopped only once the agent has its prompt: what comes first would find nothing to stop", async () => {
    const { id, link, sessions } = await setUp();
    let accept = () => {};
    link.beforePrompt = new Promise((resolve) => {
      accept = resolve;
    });
    await sessions.send(id, say("go"), ann);
    const stopped = sessions.interrupt(id, ann);
    await vi.waitFor(async () => expect((await sessions.read(id)).stopping).toBe(true));
    expect([link.prompts.length, link.interrupts]).toEqual([0, 0]);
    accept();
    await stopped;
    expect([link.prompts.length, link.interrupts]).toEqual([1, 1]);
  });

  test("is stopped again when its prompt arrives late after all", async () => {
    const { id, link, sessions } = await setUp({ promptHeadStartMs: 1 });
    let accept = () => {};
    link.beforePrompt = new Promise((resolve) => {
      accept = resolve;
    });
    await sessions.send(id, say("go"), ann);
    await sessions.interrupt(id, ann);
    expect([link.prompts.length, link.interrupts]).toEqual([0, 1]);
    accept();
    await vi.waitFor(() => expect([link.prompts.length, link.interrupts]).toEqual([1, 2]));
  });

  test("fails with the reason and the last lines when the agent goes, and expires what waits", async () => {
    const { id, link, sessions, store, log } = await setUp();
    await sessions.send(id, say("go"), ann);
    link.ask("7");
    await vi.waitFor(async () => expect((await sessions.read(id)).pending_permissions).toBe(1));
    link.die("The agent exited with code 3.", "panic: oh no");
    await vi.waitFor(async () => expect((await sessions.read(id)).last_error).toContain("code 3"));
    const session = await sessions.read(id);
    expect([session.state, session.pending_permissions]).toEqual(["active", 0]);
    expect((await log(id)).at(-1)).toMatchObject({
      event_type: "session_failed",
      data: { stderr: "panic: oh no" },
    });
    expect((await store.db.selectFrom("requests").select("state").executeTakeFirst())?.state).toBe("expired");
  });

  test("fails when its agent stays silent, but never while it waits for a person", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silenceMs = 600_000;
    const { id, link, sessions, types } = await setUp({ silenceMs });
    await sessions.send(id, say("go"), ann);
    link.ask("7");
    await vi.waitFor(async () => expect((await sessions.read(id)).pending_permissions).toBe(1));
    vi.advanceTimersByTime(2 * silenceMs);
    link.say({
      event_type: "permission_response",
      data: {
        request_id: "7",
        tool_name: "Bash",
        approved: true,
        reply: "once",
        option_name: null,
        message: null,
        state: "auto_resolved",
        by: null,
      },
    });
    await vi.waitFor(async () => expect((await sessions.read(id)).pending_permissions).toBe(0));
    expect((await sessions.read(id)).state).toBe("processing");
    vi.advanceTimersByTime(silenceMs);
    await vi.waitFor(async () => expect((await sessions.read(id)).last_error).toContain("said nothing"));
    expect(link.closed).toEqual(["end"]);
    expect((await types(id)).filter((type) => type === "session_failed")).toHaveLength(1);
  });

  test("fails when the prompt cannot be sent", async () => {
    const { id, link, sessions } = await setUp();
    link.failNext.prompt = new BackendError("too_large", "The message is too large for this agent.");
    await sessions.send(id, say("go"), ann);
    await vi.waitFor(async () => expect((await sessions.read(id)).last_error).toContain("too large"));
  });

  test("survives the loss of a link that never had its prompt", async () => {
    const { id, link, sessions, backend, hub, types } = await setUp();
    const unsubscribe = hub.subscribe({ kind: "all" }, (events) => {
      if (events.some(({ event_type }) => event_type === "turn_started")) link.die("The connection is gone.");
    });
    await sessions.send(id, say("go"), ann);
    unsubscribe();
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["go"]));
    backend.links.at(-1)?.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
    expect(backend.links).toHaveLength(2);
    expect((await types(id)).slice(-2)).toEqual(["turn_started", "session_completed"]);
  });

  test("is not failed by the prompt before it, whose answer was lost on the way", async () => {
    const { id, link, sessions, types } = await setUp();
    let lose = () => {};
    link.beforePrompt = new Promise((_, reject) => {
      lose = () => reject(new BackendError("timeout", "It did not answer within 30 s."));
    });
    await sessions.send(id, say("one"), ann);
    link.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
    link.beforePrompt = Promise.resolve();
    await sessions.send(id, say("two"), ann);
    lose();
    await vi.waitFor(() => expect(link.prompts).toEqual(["two"]));
    // What the loss leads to has its place in the session's line before the end that comes next.
    await setImmediate();
    link.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
    expect((await types(id)).slice(-2)).toEqual(["turn_started", "session_completed"]);
  });
});

describe("a session", () => {
  test("whose end comes while prompts wait begins none of them", async () => {
    const { id, link, sessions, backend } = await setUp();
    await sessions.send(id, say("one"), ann);
    await sessions.send(id, say("two"), ann);
    await sessions.patch(id, { state: "completed" });
    expect(await sessions.read(id)).toMatchObject({ state: "completed", queue_length: 1 });
    expect([backend.links.length, link.closed]).toEqual([1, ["end"]]);
  });

  test("is opened anew when its backend has another adapter, and its turn goes on", async () => {
    const { id, link, sessions, backend } = await setUp();
    await sessions.send(id, say("one"), ann);
    await sessions.detachBackend("local");
    expect([link.closed, (await sessions.read(id)).state]).toEqual([["detach"], "processing"]);
    await sessions.resumeTurns("local");
    backend.links.at(-1)?.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
    await sessions.send(id, say("two"), ann);
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["two"]));
    expect(backend.links).toHaveLength(2);
  });

  test("of a sandbox that stops keeps its queue for later", async () => {
    const { id, sessions, backend, types } = await setUp();
    await sessions.send(id, say("one"), ann);
    await sessions.send(id, say("two"), ann);
    await sessions.dropSandbox("box", "The sandbox was stopped.", "sandbox_stopped", null);
    // The queue's own line: behind whatever the end of the turn set going there.
    await sessions.queue.remove({ id, sandbox_id: "box" }, "no such message");
    expect((await types(id)).filter((type) => type === "turn_started")).toHaveLength(1);
    await sessions.send(id, say("three"), ann);
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["two"]));
    backend.links.at(-1)?.done();
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["two", "three"]));
  });

  test("ends for good only when asked to, and can be reopened", async () => {
    const { id, link, sessions, backend } = await setUp();
    await sessions.patch(id, { state: "completed" });
    expect(link.closed).toEqual(["end"]);
    await expect(sessions.send(id, say("more"), ann)).rejects.toMatchObject({ status: 409 });
    await sessions.patch(id, { state: "active" });
    await sessions.send(id, say("more"), ann);
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["more"]));
  });

  test("that runs is not changed by opening it again", async () => {
    const { id, link, sessions } = await setUp();
    await sessions.send(id, say("go"), ann);
    await sessions.patch(id, { state: "active" });
    expect((await sessions.read(id)).state).toBe("processing");
    link.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
  });

  test("of a sandbox that stopped: its turn fails with the reason and its agent is let go", async () => {
    const { id, link, sessions } = await setUp();
    await sessions.send(id, say("go"), ann);
    await sessions.dropSandbox("box", "The sandbox was stopped.", "sandbox_stopped", null);
    expect((await sessions.read(id)).last_error).toBe("The sandbox was stopped.");
    expect(link.closed).toEqual(["detach"]);
  });
});
