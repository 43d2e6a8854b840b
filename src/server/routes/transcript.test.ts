import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChangedFile, OutlineTurn, Row, TranscriptPage } from "#src/transcript/rows.ts";
import { searchRows } from "#src/transcript/search.ts";
import { startTestServer, type TestServer } from "#src/testing/test-server.ts";
import { until } from "#src/testing/test-wait.ts";

/** What can only be said of a whole session is said by the server, however many rows a page of it has. */

let server: TestServer;
let session: string;
beforeAll(async () => {
  server = await startTestServer();
  const sandbox = await ask<{ id: string }>(202, "POST", "/sandboxes", { name: "x", agent_provider: "mock" });
  await until(
    () => ask<{ state: string }>(200, "GET", `/sandboxes/${sandbox.id}`),
    ({ state }) => state === "running",
  );
  const made = await ask<{ id: string }>(201, "POST", `/sandboxes/${sandbox.id}/sessions`, {});
  session = `/sessions/${made.id}`;
  for (const message of ["echo the Rare word", "tool", "burst 260", "echo another rare word"]) {
    await ask(200, "POST", `${session}/messages`, { message });
  }
});
afterAll(() => server.close());

const ask = <T = unknown>(status: number, method: string, path: string, body?: unknown): Promise<T> =>
  server.ask<T>(status, method, `/api/v1${path}`, body);
const get = <T>(path: string): Promise<T> => ask<T>(200, "GET", `${session}${path}`);

type Found = { rows: { row_key: string; count: number }[]; total: number; cursor: string };

const page = (query: string) => get<TranscriptPage>(`/transcript?${query}`);
const all = async (): Promise<Row[]> => (await page("limit=2000")).rows;

describe("a search", () => {
  test("finds what searching all rows at once finds, true at the transcript's cursor", async () => {
    const { rows, cursor } = await page("limit=2000");
    expect(rows.length).toBeGreaterThan(250);
    for (const q of ["rare WORD", "step 2", "e", "."]) {
      const found = await get<Found>(`/transcript/search?q=${encodeURIComponent(q)}`);
      const expected = searchRows(rows, q);
      const total = expected.reduce((sum, { count }) => sum + count, 0);
      expect(found).toEqual({ rows: expected, total, cursor });
    }
  });

  test("of the rows before a page and of the page is one of all rows", async () => {
    const { rows, next_before } = await page("limit=40");
    const older = await get<Found>(`/transcript/search?q=rare&before=${next_before}`);
    expect([...older.rows, ...searchRows(rows, "rare")]).toEqual(searchRows(await all(), "rare"));
  });

  test("gives the newest rows up to its limit, and counts all", async () => {
    const whole = await get<Found>("/transcript/search?q=e");
    const some = await get<Found>("/transcript/search?q=e&limit=3");
    expect(some).toEqual({ ...whole, rows: whole.rows.slice(-3) });
  });

  test("says what is wrong with a call", async () => {
    await ask(400, "GET", `${session}/transcript/search`);
    await ask(400, "GET", `${session}/transcript/search?q=`);
    await ask(400, "GET", `${session}/transcript/search?q=a&before=b`);
    await ask(404, "GET", "/sessions/none/transcript/search?q=a");
  });
});

test("the outline has every turn, with what failed in it, also of rows that are not on the newest page", async () => {
  const { turns } = await get<{ turns: OutlineTurn[] }>("/outline");
  expect(turns.map(({ prompt }) => prompt)).toEqual([
    "echo the Rare word",
    "tool",
    "burst 260",
    "echo another rare word",
  ]);
  expect(turns.map(({ failures, troubles }) => [failures, troubles.length])).toEqual([
    [0, 0],
    [1, 1],
    [0, 0],
    [0, 0],
  ]);
  const before = turns[1]?.key.split(":")[1];
  const first = await get<{ turns: OutlineTurn[] }>(`/outline?before=${before}`);
  expect(first.turns).toEqual(turns.slice(0, 1));
  await ask(404, "GET", "/sessions/none/outline");
});

test("the changes are those of the whole session", async () => {
  type Pending = { items: { id: string }[] };
  for (const message of ['write a.txt "one\\n"', "edit a.txt one two"]) {
    const answer = ask(200, "POST", `${session}/messages`, { message });
    const { items } = await until(
      () => get<Pending>("/pending"),
      (pending) => pending.items.length > 0,
    );
    await ask(200, "POST", `${session}/permissions/${items[0]?.id}/respond`, { approved: true });
    await answer;
  }
  const { files } = await get<{ files: ChangedFile[] }>("/changes");
  expect(files).toMatchObject([
    {
      path: expect.stringMatching(/a\.txt$/),
      edits: 2,
      added: 1,
      removed: 0,
      diffs: [{ old_text: null, start_line: 1 }],
    },
  ]);
  const edit = (await all()).findLast(({ kind }) => kind === "tool");
  expect(files[0]?.row_key).toBe(edit?.key);
  const before = await get<{ files: ChangedFile[] }>(`/changes?before=${edit?.first_event_id}`);
  expect(before.files).toMatchObject([{ edits: 1 }]);
  await ask(404, "GET", "/sessions/none/changes");
});
