import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import type { Envelope } from "#src/domain/event.ts";
import { insertLocalBackend } from "#src/testing/local-backend-row.ts";
import { createFakeBackend, type FakeLink } from "#src/testing/fake-backend.ts";
import { createHub, type EventHub } from "../events/hub.ts";
import { createLogger } from "../logger.ts";
import { insertSandbox } from "../store/sandboxes.ts";
import { openStore, type Store } from "../store/open.ts";
import { discoveredRow } from "../fleet/discovered.ts";
import { answerPermission } from "./answers.ts";
import { createExchanges } from "./exchanges.ts";
import { createSessionService, type SessionService } from "./service.ts";

const ann = { name: "ann", client: "test" };
const say = (text: string) => [{ type: "text" as const, text }];

let store: Store;
let hub: EventHub;
let backend: ReturnType<typeof createFakeBackend>;
let sessions: SessionService;

beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await createHub({
    store,
    now: () => new Date(),
    onListenerError: (error) => {
      throw error;
    },
  });
  backend = createFakeBackend();
  sessions = service({ stopPatienceMs: 20 });
  const upstream = { ref: "box", name: "box", state: "running" as const };
  await insertLocalBackend(store.db);
  await insertSandbox(store.db, discoveredRow("box", "local", upstream, "box", "2026-01-01T00:00:00.000Z"));
});
afterEach(async () => {
  await hub.drain();
  await store.close();
});

function service({ stopPatienceMs }: { stopPatienceMs: number }): SessionService {
  let next = 0;
  return createSessionService({
    store,
    hub,
    backendOf: () => backend,
    coalesce: (emit) => ({ push: emit, flush: () => {} }),
    exchanges: createExchanges(),
    logger: createLogger("silent"),
    newId: () => `id-${(next += 1)}`,
    now: () => Date.now(),
    silenceMs: 150,
    stopPatienceMs,
  });
}

async function start(): Promise<{ id: string; link: FakeLink }> {
  const { id } = await sessions.create("box", { agent: "mock" });
  const link = backend.links.at(-1);
  if (!link) throw new Error("no link was opened");
  return { id, link };
}

async function log(session_id: string): Promise<Envelope[]> {
  return hub.read({ filter: { kind: "session", session_id, sandbox_id: null }, after: 0, limit: 1000 });
}

async function types(session_id: string): Promise<string[]> {
  return (await log(session_id)).map(({ event_type }) => event_type);
}

describe("a session", () => {
  test("that cannot be opened leaves nothing behind", async () => {
    backend.failOpen = new BackendError("agent_not_installed", "claude is not installed here.");
    await expect(sessions.create("box", { agent: "claude" })).rejects.toThrow("not installed");
    expect(await store.db.selectFrom("sessions").selectAll().execute()).toEqual([]);
    expect(await store.db.selectFrom("events").selectAll().execute()).toEqual([]);
  });

  test("takes its title from the first prompt and keeps the one it was given", async () => {
    const { id } = await start();
    await sessions.send(id, say("Fix the login\nand more"), ann);
    expect((await sessions.read(id)).title).toBe("Fix the login");
    await sessions.patch(id, { title: "Mine" });
    expect((await sessions.read(id)).title).toBe("Mine");
  });

  test("is annotated here and where it runs", async () => {
    const { id, link } = await start();
    await sessions.patch(id, { metadata: { ticket: "A-1" } });
    expect((await sessions.read(id)).metadata).toEqual({ ticket: "A-1" });
    expect(link.metadata).toEqual([{ ticket: "A-1" }]);
  });

  test("runs a turn: the prompt is in the log before the agent hears it, the end closes it", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    await vi.waitFor(() => expect(link.prompts).toEqual(["go"]));
    expect((await sessions.read(id)).state).toBe("processing");
    link.text("hello");
    link.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
    expect((await types(id)).slice(-4)).toEqual([
      "user_message",
      "turn_started",
      "text_delta",
      "session_completed",
    ]);
  });

  test("queues prompts while a turn runs, sends them in order, and a removed one never", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("one"), ann);
    const two = await sessions.send(id, say("two"), ann);
    const three = await sessions.send(id, say("three"), ann);
    expect([two.queued, three.queued]).toEqual([true, true]);
    const session = await sessions.read(id);
    expect((await sessions.queue.remove(session, two.message_id)).content).toEqual(say("two"));
    expect((await sessions.queue.remove(session, two.message_id)).content).toBeNull();
    link.done();
    await vi.waitFor(() => expect(link.prompts).toEqual(["one", "three"]));
    link.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).queue_length).toBe(0));
  });

  test("keeps what waits when another client's turn comes first", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("one"), ann);
    await sessions.send(id, say("two"), ann);
    link.done();
    link.say({
      event_type: "user_message",
      data: { message_id: "theirs", turn_id: "", content: say("theirs"), author: "bob" },
    });
    await vi.waitFor(async () =>
      expect((await types(id)).filter((type) => type === "turn_started")).toHaveLength(2),
    );
    expect((await sessions.queue.list(id)).map(({ content }) => content)).toEqual([say("two")]);
    link.done();
    await vi.waitFor(() => expect(link.prompts).toEqual(["one", "two"]));
    expect(await sessions.queue.list(id)).toEqual([]);
  });

  test("waits for an answer, which is in the log before what the agent does with it", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    link.ask("7");
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("waiting_for_input"));
    const { pending_summary } = await sessions.read(id);
    expect(pending_summary).toBe("Bash: ls");
    const asked = (await log(id)).find(({ event_type }) => event_type === "permission_request");
    const request_id = asked?.event_type === "permission_request" ? asked.data.request_id : "";
    const target = { session_id: id, request_id };
    const yes = { reply: "once", option_id: null, message: null } as const;
    await answerPermission({ sessions, db: store.db }, target, yes, ann);
    expect(link.permissions).toEqual([["7", yes]]);
    await vi.waitFor(async () => expect((await types(id)).at(-1)).toBe("text_delta"));
    expect((await types(id)).slice(-2)).toEqual(["permission_response", "text_delta"]);
    await expect(answerPermission({ sessions, db: store.db }, target, yes, ann)).rejects.toMatchObject({
      status: 409,
      code: "already_resolved",
      details: { by: ann, reply: "once" },
    });
    expect(link.permissions).toHaveLength(1);
  });

  test("takes the first of two answers that come at once, and tells the second whose it was", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    link.ask("7");
    await vi.waitFor(async () => expect((await sessions.read(id)).pending_permissions).toBe(1));
    const { id: request_id } = await store.db.selectFrom("requests").select("id").executeTakeFirstOrThrow();
    const answer = (reply: "once" | "reject", name: string) =>
      answerPermission(
        { sessions, db: store.db },
        { session_id: id, request_id },
        { reply, option_id: null, message: null },
        { name, client: "test" },
      );
    const [first, second] = await Promise.allSettled([answer("once", "ann"), answer("reject", "bob")]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({
      reason: { status: 409, code: "already_resolved", details: { by: { name: "ann" }, reply: "once" } },
    });
    expect(link.permissions).toHaveLength(1);
  });

  test("keeps a request open when its answer could not be sent, and the next answer works", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    link.ask("7");
    await vi.waitFor(async () => expect((await sessions.read(id)).pending_permissions).toBe(1));
    const { id: request_id } = await store.db.selectFrom("requests").select("id").executeTakeFirstOrThrow();
    const target = { session_id: id, request_id };
    const no = { reply: "reject", option_id: null, message: null } as const;
    link.failNext.replyPermission = new BackendError("unreachable", "It does not answer.");
    await expect(answerPermission({ sessions, db: store.db }, target, no, ann)).rejects.toThrow(
      "does not answer",
    );
    expect((await sessions.read(id)).pending_permissions).toBe(1);
    await answerPermission({ sessions, db: store.db }, target, no, ann);
    expect((await sessions.read(id)).pending_permissions).toBe(0);
  });

  test("stops a turn; an agent that does not listen is cut off and the session goes on", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    await vi.waitFor(() => expect(link.prompts).toHaveLength(1));
    await sessions.interrupt(id, ann);
    expect((await sessions.read(id)).stopping).toBe(true);
    expect(link.interrupts).toBe(1);
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

  test("stops a turn only once the agent has its prompt: what comes first would find nothing to stop", async () => {
    sessions = service({ stopPatienceMs: 60_000 });
    const { id, link } = await start();
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

  test("fails the turn with the reason and the last lines when the agent goes, and expires what waits", async () => {
    const { id, link } = await start();
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

  test("fails a turn whose agent stays silent, but never one that waits for a person", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    link.ask("7");
    await vi.waitFor(async () => expect((await sessions.read(id)).pending_permissions).toBe(1));
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
    await vi.waitFor(async () => expect((await sessions.read(id)).last_error).toContain("said nothing"));
    expect(link.closed).toEqual(["end"]);
    expect((await types(id)).filter((type) => type === "session_failed")).toHaveLength(1);
  });

  test("fails the turn when the prompt cannot be sent", async () => {
    const { id, link } = await start();
    link.failNext.prompt = new BackendError("too_large", "The message is too large for this agent.");
    await sessions.send(id, say("go"), ann);
    await vi.waitFor(async () => expect((await sessions.read(id)).last_error).toContain("too large"));
  });

  test("ends for good only when asked to, and can be reopened", async () => {
    const { id, link } = await start();
    await sessions.patch(id, { state: "completed" });
    expect(link.closed).toEqual(["end"]);
    await expect(sessions.send(id, say("more"), ann)).rejects.toMatchObject({ status: 409 });
    await sessions.patch(id, { state: "active" });
    await sessions.send(id, say("more"), ann);
    await vi.waitFor(() => expect(backend.links.at(-1)?.prompts).toEqual(["more"]));
  });

  test("that runs is not changed by opening it again", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    await sessions.patch(id, { state: "active" });
    expect((await sessions.read(id)).state).toBe("processing");
    link.done();
    await vi.waitFor(async () => expect((await sessions.read(id)).state).toBe("active"));
  });

  test("of a sandbox that stopped: its turn fails with the reason and its agent is let go", async () => {
    const { id, link } = await start();
    await sessions.send(id, say("go"), ann);
    await sessions.dropSandbox("box", "The sandbox was stopped.", "sandbox_stopped", null);
    expect((await sessions.read(id)).last_error).toBe("The sandbox was stopped.");
    expect(link.closed).toEqual(["detach"]);
  });
});
