import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Sandbox } from "#src/domain/sandbox.ts";
import { openStore, type Store } from "./open.ts";
import {
  freeSandboxName,
  getSandbox,
  listSandboxes,
  type SandboxQuery,
  touchSandbox,
  updateSandbox,
} from "./sandboxes.ts";
import type { Db } from "./schema.ts";
import { updateSession } from "./sessions.ts";
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
