import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type FakeAmika, startFakeAmika } from "#src/testing/fake-amika.ts";
import { startTestServer, type TestServer } from "#src/testing/test-server.ts";

type Row = { id: string; backend_id: string; state: string };
type Told = { role: string; content: { type: string; text?: string }[] };

let server: TestServer;
/** A backend whose upstream takes calls and never answers, and one that is well. */
let hung: FakeAmika;
let well: FakeAmika;
const ids: Record<"hung" | "well", string> = { hung: "", well: "" };

const ask = <T>(status: number, method: string, path: string, body?: unknown): Promise<T> =>
  server.ask<T>(status, method, `/api/v1${path}`, body);

async function connect(upstream: FakeAmika, name: string): Promise<string> {
  upstream.addSandbox(`${name}-box`);
  return (await ask<Row>(201, "POST", "/backends", { kind: "amika", url: upstream.url, name })).id;
}

beforeAll(async () => {
  server = await startTestServer();
  hung = await startFakeAmika();
  well = await startFakeAmika();
  ids.hung = await connect(hung, "hung");
  ids.well = await connect(well, "well");
});
afterAll(async () => {
  await hung.close();
  await well.close();
  await server.close();
});

async function boxOf(backend_id: string): Promise<string> {
  const rows = await ask<Row[]>(200, "GET", "/sandboxes");
  return rows.find((row) => row.backend_id === backend_id)?.id ?? "";
}

async function startSession(backend_id: string): Promise<string> {
  const box = await boxOf(backend_id);
  return (await ask<Row>(201, "POST", `/sandboxes/${box}/sessions`, { agent: "claude" })).id;
}

const NEW_SESSION = /POST .*\/sessions$/;

/** The upstream hangs with a check and a new session in hand; `settled` tells whether the session came to anything. */
async function hang(): Promise<{ settled: () => boolean; answers: () => Promise<unknown> }> {
  const box = await boxOf(ids.hung);
  hung.stall(/./);
  let settled = false;
  const check = server.call("POST", `/api/v1/backends/${ids.hung}/check`);
  const session = server
    .call("POST", `/api/v1/sandboxes/${box}/sessions`, { agent: "claude" })
    .finally(() => {
      settled = true;
    });
  await vi.waitFor(() => expect(hung.unanswered(NEW_SESSION)).toBe(1));
  return {
    settled: () => settled,
    /** Lets go of them. */
    answers() {
      hung.stall(null);
      hung.cut();
      return Promise.all([check, session]);
    },
  };
}

const message = (text: string) => ({ role: "user", content: [{ type: "text", text }] });

test("while a backend holds its calls, what was recorded of its sessions can be read", async () => {
  const session_id = await startSession(ids.hung);
  await ask<Told>(200, "POST", `/sessions/${session_id}/messages`, message("echo before"));
  const { settled, answers } = await hang();
  for (const path of ["", "/transcript", "/events", "/queue", "/pending"])
    expect(await ask(200, "GET", `/sessions/${session_id}${path}`)).toBeDefined();
  await ask(200, "GET", `/sandboxes/${await boxOf(ids.hung)}`);
  expect([settled(), hung.unanswered(NEW_SESSION)]).toEqual([false, 1]);
  await answers();
});

test("while a backend holds its calls, the lists and a session on another backend answer", async () => {
  const { settled, answers } = await hang();
  const sandboxes = await ask<Row[]>(200, "GET", "/sandboxes");
  expect(sandboxes.map(({ backend_id }) => backend_id).toSorted()).toEqual([ids.hung, ids.well].toSorted());
  for (const path of ["/sessions", "/backends", "/requests", "/me", "/secrets", "/secrets/claude"])
    await ask(200, "GET", path);
  expect(hung.unanswered(/GET .*\/secrets/), "lists wait for none").toBe(2);
  await ask(200, "POST", `/backends/${ids.well}/check`);

  const session_id = await startSession(ids.well);
  const answer = await ask<Told>(200, "POST", `/sessions/${session_id}/messages`, message("echo quick"));
  expect(JSON.stringify(answer.content)).toContain("quick");

  expect([settled(), hung.unanswered(NEW_SESSION)]).toEqual([false, 1]);
  await answers();
});
