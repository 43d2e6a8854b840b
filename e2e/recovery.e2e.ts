import { readFileSync, readdirSync } from "node:fs";
import { expect, makeSandbox, makeSession, send, signIn, test } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";

type Row = { kind: string; text?: string; outcome?: string; error?: string | null; turn_id: string | null };
type Envelope = { id: string; event_type: string; data: { text?: string } };

async function rowsOf(server: TestServer, session_id: string): Promise<Row[]> {
  const page = await server.api<{ rows: Row[] }>("GET", `/sessions/${session_id}/transcript?limit=2000`);
  return page.rows;
}

async function logOf(server: TestServer, session_id: string): Promise<Envelope[]> {
  const { items } = await server.api<{ items: Envelope[] }>(
    "GET",
    `/sessions/${session_id}/events?limit=10000`,
  );
  return items;
}

const streamed = (log: Envelope[]): string =>
  log.flatMap(({ event_type, data }) => (event_type === "text_delta" ? [data.text ?? ""] : [])).join("");

const shown = (rows: Row[]): string =>
  rows.flatMap(({ kind, text }) => (kind === "text" ? [text ?? ""] : [])).join("");

async function ends(server: TestServer, session_id: string): Promise<string[]> {
  return (await rowsOf(server, session_id)).flatMap(({ kind, outcome }) =>
    kind === "turn_end" ? [outcome ?? ""] : [],
  );
}

/** Processes that belong to a sandbox, by the marker in their environment. */
function processesOf(sandbox_id: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`SANDBAR_SANDBOX_ID=${sandbox_id}`);
    } catch {
      return false; // It ended while we looked, or belongs to someone else.
    }
  });
}

/** A process that went with another, in the moment before, is as good as killed. */
function killAll(pids: readonly string[]): void {
  for (const pid of pids) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

async function streaming(server: TestServer, session_id: string): Promise<void> {
  await expect.poll(async () => streamed(await logOf(server, session_id)).length).toBeGreaterThan(50);
}

test.describe("after a crash", () => {
  let server: TestServer;
  test.beforeEach(async () => {
    server = await startServer();
  });
  test.afterEach(() => server.dispose());

  test("kill -9 of the server in a turn: nothing lost or doubled, the turn failed, the next prompt works", async ({
    page,
  }) => {
    const sandbox = await makeSandbox(server);
    const session = await makeSession(server, sandbox.id);
    await send(server, session.id, "echo before the crash");
    await expect.poll(() => ends(server, session.id)).toEqual(["completed"]);
    await send(server, session.id, "long 100000 5");
    await streaming(server, session.id);
    await server.kill();
    await server.start();

    const log = await logOf(server, session.id);
    const ids = log.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rows = await rowsOf(server, session.id);
    expect(shown(rows)).toBe(streamed(log));
    expect(await ends(server, session.id)).toEqual(["completed", "failed"]);
    expect(rows.at(-1)?.error).toContain("Sandbar stopped");
    await expect.poll(() => processesOf(sandbox.id)).toEqual([]);

    await signIn(page, server);
    await page.goto(`${server.url}/sessions/${session.id}`);
    await expect(page.getByText("Sandbar stopped while this turn ran").first()).toBeVisible();
    await server.api("POST", `/sandboxes/${sandbox.id}/start`);
    await send(server, session.id, "echo after the crash");
    await expect.poll(() => ends(server, session.id)).toEqual(["completed", "failed", "completed"]);
    await expect(page.getByText("after the crash").first()).toBeVisible();
  });

  test("kill -9 of the sandbox process: the turn fails with the reason, and the session goes on after a start", async () => {
    const sandbox = await makeSandbox(server);
    const session = await makeSession(server, sandbox.id);
    await send(server, session.id, "long 100000 5");
    await streaming(server, session.id);
    killAll(processesOf(sandbox.id));
    await expect.poll(() => ends(server, session.id)).toEqual(["failed"]);
    await expect
      .poll(async () => (await server.api<{ state: string }>("GET", `/sandboxes/${sandbox.id}`)).state)
      .toBe("failed");
    await server.api("POST", `/sandboxes/${sandbox.id}/start`);
    await send(server, session.id, "echo alive again");
    await expect.poll(() => ends(server, session.id)).toEqual(["failed", "completed"]);
  });

  test("a clean stop ends turns with the reason and leaves no process", async () => {
    const sandbox = await makeSandbox(server);
    const session = await makeSession(server, sandbox.id);
    await send(server, session.id, "sleep 60");
    await expect
      .poll(async () => (await server.api<{ state: string }>("GET", `/sessions/${session.id}`)).state)
      .toBe("processing");
    expect(await server.stop()).toBe(0);
    await expect.poll(() => processesOf(sandbox.id)).toEqual([]);
    await server.start();
    expect(await ends(server, session.id)).toEqual(["failed"]);
    expect((await server.api<{ state: string }>("GET", `/sandboxes/${sandbox.id}`)).state).toBe("stopped");
  });

  test("an agent that crashes: the turn fails with its exit code and last lines, the next prompt works", async () => {
    const sandbox = await makeSandbox(server);
    const session = await makeSession(server, sandbox.id);
    await send(server, session.id, "crash");
    await expect.poll(() => ends(server, session.id)).toEqual(["failed"]);
    expect((await rowsOf(server, session.id)).at(-1)?.error).toMatch(/3/);
    await send(server, session.id, "echo again");
    await expect.poll(() => ends(server, session.id)).toEqual(["failed", "completed"]);
  });

  test("a permission raised while no page is open is there when one opens, also after a restart of the page", async ({
    page,
  }) => {
    const sandbox = await makeSandbox(server);
    const session = await makeSession(server, sandbox.id);
    await send(server, session.id, "run echo hello-from-run");
    await expect
      .poll(async () => (await server.api<{ items: unknown[] }>("GET", "/requests")).items.length)
      .toBe(1);
    await signIn(page, server);
    await page.goto(`${server.url}/sessions/${session.id}`);
    await page.reload();
    const dialog = page.getByRole("dialog", { name: /permission/i });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByText("echo hello-from-run").first()).toBeVisible();
    await dialog.getByRole("button", { name: /allow once/i }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => ends(server, session.id)).toEqual(["completed"]);
    await expect(page.getByText("hello-from-run").first()).toBeVisible();
  });
});
