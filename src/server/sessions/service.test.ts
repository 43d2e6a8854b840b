import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import { type SessionStage, startSessionStage } from "#src/testing/session-service.ts";
import { answerPermission } from "./answers.ts";

const ann = { name: "ann", client: "test" };
const say = (text: string) => [{ type: "text" as const, text }];

let stage: SessionStage;
let store: SessionStage["store"];
let backend: SessionStage["backend"];
let sessions: SessionStage["sessions"];
let start: SessionStage["start"];
let log: SessionStage["log"];
let types: SessionStage["types"];

beforeEach(async () => {
  stage = await startSessionStage();
  ({ store, backend, sessions, start, log, types } = stage);
});
afterEach(() => stage.close());

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
});
