import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Sandbox } from "#src/domain/sandbox.ts";
import { Session } from "#src/domain/session.ts";
import { listBackendRows, updateBackend } from "./backends.ts";
import { insertEvents } from "./events.ts";
import { openStore, type Store } from "./open.ts";
import { deleteQueued, insertQueued, listQueue } from "./queue.ts";
import { expireRequests, getRequest, listPendingRequests, listRequests, resolveRequest } from "./requests.ts";
import {
  freeSandboxName,
  getSandbox,
  listSandboxes,
  type SandboxQuery,
  touchSandbox,
  updateSandbox,
} from "./sandboxes.ts";
import type { Db } from "./schema.ts";
import {
  deleteCredential,
  findSecretByName,
  insertCredential,
  insertSecret,
  listCredentials,
  listSecrets,
} from "./secrets.ts";
import {
  deleteSession,
  getSession,
  getSessionRow,
  listSessions,
  type SessionQuery,
  updateSession,
} from "./sessions.ts";
import { uniqueViolation } from "./store-error.ts";
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

describe("backends", () => {
  test("that were removed are not listed", async () => {
    await addBackend(db, { id: "gone", removed_at: hour(1) });
    await addBackend(db, { id: "later", created_at: hour(2) });
    await updateBackend(db, "later", { state: "offline" });
    await updateBackend(db, "later", {});
    expect((await listBackendRows(db)).map(({ id, state }) => [id, state])).toEqual([
      ["local", "online"],
      ["later", "offline"],
    ]);
  });
});

describe("sandboxes", () => {
  const find = async (query: Partial<SandboxQuery>): Promise<string[]> =>
    (await listSandboxes(db, { limit: 100, ...query })).items.map(({ id }) => id);

  test("come back as the domain's, with their counts", async () => {
    await addSandbox(db, {
      id: "x1",
      labels: '{"team":"a"}',
      spec: '{"source":{"type":"empty"},"env_names":["A"]}',
      auto_stop_minutes: 30,
      provisioning: JSON.stringify([{ step: "clone", status: "done", at: hour(1) }]),
      extra: '{"zone":1}',
      env_sealed: "sealed",
    });
    await addSandbox(db, { id: "x2" });
    for (const id of ["s1", "s2", "s3"]) await addSession(db, { id });
    await addSession(db, { id: "other", sandbox_id: "x2" });
    await updateSession(db, "s1", { turn_id: "t1" });
    await updateSession(db, "s3", { archived_at: hour(1) });
    await addRequest(db, { id: "r1" });
    await addRequest(db, { id: "r2", session_id: "s2" });
    await addRequest(db, { id: "r3", kind: "question" });
    await addRequest(db, { id: "r4", state: "answered" });

    const sandbox = await getSandbox(db, "x1");
    expect(Sandbox.strict().parse(sandbox)).toEqual(sandbox);
    expect(sandbox).toMatchObject({
      labels: { team: "a" },
      spec: { source: { type: "empty" }, env_names: ["A"], auto_stop_minutes: 30 },
      provisioning: [{ step: "clone", status: "done", detail: null, at: hour(1) }],
      extra: { zone: 1 },
      session_count: 2,
      running_turns: 1,
      pending_permissions: 2,
      pending_questions: 1,
    });
    expect((await listSandboxes(db, { limit: 9 })).items).toContainEqual(sandbox);
    expect(await getSandbox(db, "x2")).toMatchObject({
      session_count: 1,
      running_turns: 0,
      pending_permissions: 0,
    });
  });

  test.each<[Partial<SandboxQuery>, string[]]>([
    [{}, ["d", "c", "b", "a"]],
    [{ states: ["running"] }, ["d", "b"]],
    [{ states: ["stopped", "terminated"] }, ["gone", "a"]],
    [{ states: ["nonsense"] }, []],
    [{ backend_id: "far" }, ["b"]],
    [{ provider: "claude" }, ["c"]],
    [{ labels: { team: "x" } }, ["d", "a"]],
    [{ labels: { team: "x", size: "1" } }, ["d"]],
    [{ labels: { size: null } }, ["d", "b"]],
    [{ labels: { "te.am": "x" } }, []],
    [{ labels: { 'a.b"c': "yes" } }, ["b"]],
    [{ q: "API" }, ["b", "a"]],
    [{ q: "100%" }, ["c"]],
    [{ q: "_" }, ["d"]],
    [{ q: "\\" }, []],
    [{ q: "api", labels: { team: "x" }, states: ["stopped"] }, ["a"]],
  ])("are found by %j", async (query, expected) => {
    await addBackend(db, { id: "far" });
    await addSandbox(db, {
      id: "a",
      name: "api",
      state: "stopped",
      labels: '{"team":"x"}',
      last_activity_at: hour(1),
    });
    await addSandbox(db, {
      id: "b",
      repository: "https://git/api",
      backend_id: "far",
      labels: '{"size":"2","a.b\\"c":"yes"}',
      last_activity_at: hour(2),
    });
    await addSandbox(db, {
      id: "c",
      name: "100%",
      state: "failed",
      agent_provider: "claude",
      last_activity_at: hour(3),
    });
    await addSandbox(db, {
      id: "d",
      branch: "x_y",
      labels: '{"team":"x","size":"1"}',
      last_activity_at: hour(4),
    });
    await addSandbox(db, {
      id: "gone",
      state: "terminated",
      terminated_at: hour(5),
      last_activity_at: hour(5),
    });
    expect(await find(query)).toEqual(expected);
  });

  test("are found by id, and by name while they live", async () => {
    await addSandbox(db, { id: "old", name: "web", state: "terminated", terminated_at: hour(1) });
    expect(await getSandbox(db, "web")).toBeNull();
    await addSandbox(db, { id: "new", name: "web" });
    await addSandbox(db, { id: "web2", name: "new" });
    expect((await getSandbox(db, "web"))?.id).toBe("new");
    expect((await getSandbox(db, "new"))?.id).toBe("new");
    expect((await getSandbox(db, "old"))?.id).toBe("old");
  });

  test("share no name and no upstream id while they live", async () => {
    await addSandbox(db, { id: "a", name: "web", upstream_id: "u1" });
    const named = await addSandbox(db, { id: "b", name: "web" }).catch(uniqueViolation);
    expect(named).toBe("sandboxes.name");
    const twice = await addSandbox(db, { id: "b", upstream_id: "u1" }).catch(uniqueViolation);
    expect(twice).toBe("sandboxes.backend_id, sandboxes.upstream_id");
    expect(await freeSandboxName(db, "web")).toBe("web-2");
    await updateSandbox(db, "a", { state: "terminated", terminated_at: hour(1) });
    expect(await freeSandboxName(db, "web")).toBe("web");
    await addSandbox(db, { id: "b", name: "web", upstream_id: "u1" });
  });

  test("move up when something happens in them", async () => {
    for (const [index, id] of ["a", "b"].entries())
      await addSandbox(db, { id, last_activity_at: hour(index) });
    await touchSandbox(db, "a", hour(5));
    expect(await find({})).toEqual(["a", "b"]);
  });

  test("read page by page are the whole list, whatever their times", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (hours, limit) => {
          await db.deleteFrom("sandboxes").execute();
          for (const [index, number] of hours.entries()) {
            await addSandbox(db, { id: `x${index}`, last_activity_at: hour(number) });
          }
          const whole = await find({});
          const paged: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await listSandboxes(db, { limit, cursor });
            expect(page.total).toBe(hours.length);
            expect(page.items.length).toBeLessThanOrEqual(limit);
            paged.push(...page.items.map(({ id }) => id));
            cursor = page.next_cursor ?? undefined;
          } while (cursor);
          expect(paged).toEqual(whole);
          expect(new Set(whole).size).toBe(hours.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each(["x", "", "e30", "bnVsbA"])("refuse the cursor %j", async (cursor) => {
    const attempt = listSandboxes(db, { limit: 1, cursor });
    if (cursor === "") expect((await attempt).items).toEqual([]);
    else await expect(attempt).rejects.toMatchObject({ status: 400, code: "validation_failed" });
  });
});

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

describe("requests", () => {
  beforeEach(async () => {
    await addSandbox(db, { id: "x1" });
    await addSession(db, { id: "s1" });
    await addSession(db, { id: "s2" });
  });
  const by = { name: "ann", client: null };
  const answer = {
    state: "answered" as const,
    response: JSON.stringify({
      request_id: "r1",
      tool_name: "Bash",
      approved: true,
      reply: "once",
      message: "ok",
    }),
    resolved_at: hour(3),
    resolved_by: JSON.stringify(by),
  };

  test("are listed oldest first, and by session and state", async () => {
    await addRequest(db, { id: "r2", created_at: hour(2) });
    await addRequest(db, { id: "r1", created_at: hour(1), kind: "question" });
    await addRequest(db, { id: "r3", created_at: hour(3), session_id: "s2", state: "expired" });
    const ids = async (query: Parameters<typeof listRequests>[1]) =>
      (await listRequests(db, query)).map(({ id }) => id);
    expect(await ids({})).toEqual(["r1", "r2", "r3"]);
    expect(await ids({ states: ["pending"] })).toEqual(["r1", "r2"]);
    expect(await ids({ session_id: "s2" })).toEqual(["r3"]);
    expect(await listPendingRequests(db, { session_id: "s1" })).toEqual([
      { id: "r1", upstream_id: "up-r1", kind: "question", tool_name: "" },
      { id: "r2", upstream_id: "up-r2", kind: "permission", tool_name: "Bash" },
    ]);
  });

  test("that were resolved last come first with `recent`", async () => {
    for (const id of ["r1", "r2", "r3"]) await addRequest(db, { id });
    await resolveRequest(db, "r2", { ...answer, resolved_at: hour(3) });
    await resolveRequest(db, "r1", { ...answer, resolved_at: hour(4) });
    const ids = async (recent: number) => (await listRequests(db, { recent })).map(({ id }) => id);
    expect(await ids(10)).toEqual(["r1", "r2"]);
    expect(await ids(1)).toEqual(["r1"]);
  });

  test("are resolved once: the second is too late and changes nothing", async () => {
    await addRequest(db, { id: "r1" });
    expect(await resolveRequest(db, "r1", answer)).toBe(true);
    expect(await resolveRequest(db, "r1", { ...answer, state: "rejected", resolved_by: null })).toBe(false);
    expect(await resolveRequest(db, "none", answer)).toBe(false);
    expect(await getRequest(db, "r1")).toMatchObject({
      kind: "permission",
      id: "r1",
      state: "answered",
      tool_input: { command: "ls" },
      reply: "once",
      message: "ok",
      resolved_by: by,
      resolved_at: hour(3),
    });
  });

  test("that wait expire with their turn; others stay", async () => {
    await addRequest(db, { id: "r1" });
    await addRequest(db, { id: "r2", kind: "question" });
    await addRequest(db, { id: "r3", session_id: "s2" });
    await resolveRequest(db, "r1", answer);
    await expireRequests(db, "s1", hour(4));
    expect(
      (await listRequests(db, {})).map(({ id, state, resolved_at }) => [id, state, resolved_at]),
    ).toEqual([
      ["r1", "answered", hour(3)],
      ["r2", "expired", hour(4)],
      ["r3", "pending", null],
    ]);
  });
});

describe("secrets and credentials", () => {
  const times = { created_at: hour(1), updated_at: hour(1) };
  const secret = (id: string, name: string, backend_id: string | null = null) =>
    insertSecret(db, {
      id,
      name,
      backend_id,
      scope: "user",
      description: null,
      upstream_id: null,
      last_used_at: null,
      ...times,
      value_sealed: "SEALED",
    });

  test("are listed without their values, with what uses them", async () => {
    await secret("1", "TOKEN");
    await secret("2", "UNUSED");
    await addSandbox(db, { id: "x1", name: "web", spec: '{"secret_env_vars":{"A":"TOKEN","B":"TOKEN"}}' });
    await addSandbox(db, {
      id: "x2",
      spec: '{"secret_env_vars":{"A":"TOKEN"}}',
      state: "terminated",
      terminated_at: hour(1),
    });
    const secrets = await listSecrets(db);
    expect(secrets.map(({ name, used_by }) => [name, used_by])).toEqual([
      [
        "TOKEN",
        [
          { sandbox_id: "x1", sandbox_name: "web", env_name: "A" },
          { sandbox_id: "x1", sandbox_name: "web", env_name: "B" },
        ],
      ],
      ["UNUSED", []],
    ]);
    expect(JSON.stringify(secrets)).not.toContain("SEALED");
    expect((await findSecretByName(db, "TOKEN"))?.value_sealed).toBe("SEALED");
  });

  test("have names of their own in the vault", async () => {
    await secret("1", "TOKEN");
    expect(await secret("2", "TOKEN").catch(uniqueViolation)).toBe("secrets.name");
    await secret("3", "TOKEN", "far");
    expect((await listSecrets(db, { backend_id: null })).map(({ id }) => id)).toEqual(["1"]);
  });

  test("credentials belong to a provider", async () => {
    const row = {
      name: "main",
      type: "api_key" as const,
      scope: "user" as const,
      backend_id: null,
      upstream_id: null,
    };
    await insertCredential(db, { id: "1", provider: "claude", ...row, value_sealed: "SEALED", ...times });
    await insertCredential(db, { id: "2", provider: "codex", ...row, value_sealed: "SEALED", ...times });
    expect(JSON.stringify(await listCredentials(db, "claude"))).not.toContain("SEALED");
    expect(await deleteCredential(db, "codex", "1")).toBe(false);
    expect(await deleteCredential(db, "claude", "1")).toBe(true);
    expect((await listCredentials(db)).map(({ id }) => id)).toEqual(["2"]);
  });
});
