import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Session } from "#src/domain/session.ts";
import { insertEvents } from "./events.ts";
import { openStore, type Store } from "./open.ts";
import { deleteQueued, insertQueued, listQueue } from "./queue.ts";
import { listRequests } from "./requests.ts";
import type { Db } from "./schema.ts";
import {
  deleteSession,
  getSession,
  getSessionRow,
  listSessions,
  type SessionQuery,
  updateSession,
} from "./sessions.ts";
import { addBackend, addRequest, addSandbox, addSession } from "#src/testing/stored-rows.ts";

let store: Store;
let db: Db;
beforeEach(async () => {
  store = await openStore(":memory:");
  db = store.db;
  await addBackend(db, { id: "local" });
});
afterEach(() => store.close());

const hour = (number: number): string => `2026-01-01T${String(number).padStart(2, "0")}:00:00.000Z`;

describe("sessions", () => {
  beforeEach(() => addSandbox(db, { id: "x1", name: "web" }));
  const find = async (query: Partial<SessionQuery>): Promise<string[]> =>
    (await listSessions(db, { limit: 100, ...query })).items.map(({ id }) => id);

  test("come back as the domain's, with what they wait for", async () => {
    await addSession(db, { id: "s1", metadata: { n: { deep: true } } });
    await updateSession(db, "s1", {
      stopping: 1,
      last_event_id: 42,
      upstream_ref: "u",
      upstream_cursor: "9",
    });
    await addRequest(db, { id: "r2", summary: "Bash: later", created_at: hour(2) });
    await addRequest(db, { id: "r1", summary: "Which?", kind: "question", created_at: hour(1) });
    await addRequest(db, { id: "r0", summary: "Bash: done", state: "answered", created_at: hour(0) });
    for (const id of ["m1", "m2"])
      await insertQueued(db, "s1", { id, content: [], author: null, queued_at: hour(1) });

    const session = await getSession(db, "s1");
    expect(Session.strict().parse(session)).toEqual(session);
    expect(session).toMatchObject({
      sandbox_name: "web",
      state: "active",
      stopping: true,
      metadata: { n: { deep: true } },
      pending_permissions: 1,
      pending_questions: 1,
      pending_summary: "Which?",
      queue_length: 2,
      last_event_id: "42",
    });
    expect((await listSessions(db, { limit: 9 })).items).toEqual([session]);
    expect(await getSessionRow(db, "s1")).toMatchObject({ upstream_ref: "u", upstream_cursor: "9" });
    expect(await getSession(db, "s2")).toBeNull();
  });

  test("tell when they were heard last, while a turn runs", async () => {
    await addSession(db, { id: "s1" });
    const event = (id: number, at: string) => ({
      id,
      sandbox_id: "x1",
      session_id: "s1",
      event_type: "text_delta" as const,
      listed: 0,
      data: "{}",
      raw: null,
      timestamp: at,
    });
    await insertEvents(db, [event(1, hour(1)), event(2, hour(2))]);
    expect((await getSession(db, "s1"))?.heard_at).toBeNull();
    await updateSession(db, "s1", { turn_id: "t" });
    expect((await getSession(db, "s1"))?.heard_at).toBe(hour(2));
  });

  test.each<[Partial<SessionQuery>, string[]]>([
    [{}, ["c", "b", "a"]],
    [{ archived: true }, ["old"]],
    [{ sandbox_id: "x2" }, ["c"]],
    [{ backend_id: "far" }, ["c"]],
    [{ states: ["processing"] }, ["b"]],
    [{ states: ["processing", "failed"] }, ["c", "b"]],
    [{ q: "fix" }, ["b", "a"]],
    [{ q: "second" }, ["c"]],
    [{ labels: { ticket: "7" } }, ["b", "a"]],
    [{ labels: { ticket: null, q: null } }, ["a"]],
  ])("are found by %j", async (query, expected) => {
    await addBackend(db, { id: "far" });
    await addSandbox(db, { id: "x2", name: "second", backend_id: "far" });
    await addSession(db, {
      id: "a",
      title: "Fix it",
      metadata: { ticket: "7", q: 1 },
      last_activity_at: hour(1),
    });
    await addSession(db, {
      id: "b",
      title: "fixes",
      state: "processing",
      metadata: { ticket: 7 },
      last_activity_at: hour(2),
    });
    await addSession(db, {
      id: "c",
      title: "",
      sandbox_id: "x2",
      backend_id: "far",
      state: "failed",
      last_activity_at: hour(3),
    });
    await addSession(db, { id: "old", title: "Fix" });
    await updateSession(db, "old", { archived_at: hour(1) });
    expect(await find(query)).toEqual(expected);
  });

  test("read page by page are the whole list", async () => {
    for (const id of ["a", "b", "c"]) await addSession(db, { id });
    const first = await listSessions(db, { limit: 2 });
    const second = await listSessions(db, { limit: 2, cursor: first.next_cursor ?? "" });
    expect([first, second].map(({ items, total }) => [items.map(({ id }) => id), total])).toEqual([
      [["c", "b"], 3],
      [["a"], 3],
    ]);
    expect(second.next_cursor).toBeNull();
  });

  test("that never came to life go with all that was theirs", async () => {
    await addSession(db, { id: "s1" });
    await addRequest(db, { id: "r1" });
    await insertQueued(db, "s1", { id: "m1", content: [], author: null, queued_at: hour(1) });
    await deleteSession(db, "s1");
    expect(await getSessionRow(db, "s1")).toBeNull();
    expect(await listRequests(db, {})).toEqual([]);
  });
});

describe("the queue", () => {
  beforeEach(async () => {
    await addSandbox(db, { id: "x1" });
    await addSession(db, { id: "s1" });
    await addSession(db, { id: "s2" });
  });

  test("keeps its order while prompts come and go", async () => {
    const add = (id: string, session_id = "s1") =>
      insertQueued(db, session_id, {
        id,
        content: [{ type: "text", text: id }],
        author: "ann",
        queued_at: hour(1),
      });
    const order = async () => (await listQueue(db, "s1")).map(({ id }) => id);
    for (const id of ["c", "a", "b"]) await add(id);
    await add("other", "s2");
    expect(await order()).toEqual(["c", "a", "b"]);
    await deleteQueued(db, "b");
    await deleteQueued(db, "c");
    await add("d");
    expect(await order()).toEqual(["a", "d"]);
    expect((await listQueue(db, "s1"))[0]).toEqual({
      id: "a",
      content: [{ type: "text", text: "a" }],
      author: "ann",
      queued_at: hour(1),
    });
  });
});
