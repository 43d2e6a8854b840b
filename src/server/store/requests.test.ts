import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "./open.ts";
import { expireRequests, getRequest, listPendingRequests, listRequests, resolveRequest } from "./requests.ts";
import type { Db } from "./schema.ts";
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
