import { expect, signIn, test } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";

type Row = {
  kind: string;
  text?: string;
  outcome?: string;
  tool?: { title: string; status: string; output: string };
};
type Sandbox = { id: string; name: string; state: string; backend_id: string };

/** Page → server → adapter → published API → server → sandbox-agent → mock agent: one Sandbar uses another. */
test.describe("one Sandbar connected to another", () => {
  let near: TestServer;
  let far: TestServer;
  test.beforeEach(async () => {
    [near, far] = await Promise.all([startServer(), startServer()]);
  });
  test.afterEach(() => Promise.all([near.dispose(), far.dispose()]));

  const rowsOf = async (server: TestServer, session_id: string) =>
    (await server.api<{ rows: Row[] }>("GET", `/sessions/${session_id}/transcript?limit=500`)).rows;

  const ended = (server: TestServer, session_id: string, count: number) =>
    expect
      .poll(async () => (await rowsOf(server, session_id)).filter(({ kind }) => kind === "turn_end").length, {
        timeout: 30_000,
      })
      .toBe(count);

  const answered = new Set<string>();
  async function answerNext(server: TestServer, session_id: string, answer: string): Promise<void> {
    const pending = async () =>
      (await server.api<{ items: { id: string; kind: string }[] }>("GET", `/requests?session=${session_id}`))
        .items;
    await expect.poll(async () => (await pending()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [request] = await pending();
    answered.add(request?.id ?? "");
    if (!request) throw new Error("the request is gone");
    if (request.kind === "permission") {
      await server.api("POST", `/sessions/${session_id}/permissions/${request.id}/respond`, {
        reply: answer,
      });
    } else {
      await server.api("POST", `/sessions/${session_id}/user-input/${request.id}/respond`, {
        answers: [[answer]],
      });
    }
  }

  test("over the Sessions API: sandbox, session, prompt, permission, question, stop", async ({ page }) => {
    test.setTimeout(120_000);
    const backend = await near.api<{ id: string; kind: string; state: string }>("POST", "/backends", {
      url: far.url,
      token: far.token,
      kind: "sessions_api",
      name: "far",
    });
    expect([backend.kind, backend.state]).toEqual(["sessions_api", "online"]);
    const made = await near.api<{ id: string }>("POST", "/sandboxes", {
      name: "over-there",
      backend_id: backend.id,
    });
    const sandbox = () => near.api<Sandbox>("GET", `/sandboxes/${made.id}`);
    await expect.poll(async () => (await sandbox()).state, { timeout: 30_000 }).toBe("running");
    expect((await far.api<Sandbox[]>("GET", "/sandboxes")).map(({ name }) => name)).toEqual(["over-there"]);

    const session = await near.api<{ id: string }>("POST", `/sandboxes/${made.id}/sessions`, {
      agent: "mock",
    });
    const say = (message: string) =>
      near.api("POST", `/sessions/${session.id}/messages`, { message }, { prefer: "respond-async" });
    await say("echo across two servers");
    await ended(near, session.id, 1);
    expect((await rowsOf(near, session.id)).some(({ text }) => text === "across two servers")).toBe(true);

    await say("run echo from-far-away");
    await answerNext(near, session.id, "once");
    await ended(near, session.id, 2);
    const tool = (await rowsOf(near, session.id)).find(({ kind }) => kind === "tool")?.tool;
    expect([tool?.status, tool?.output.trim()]).toEqual(["completed", "from-far-away"]);

    await say("question");
    await answerNext(near, session.id, "Red");
    await answerNext(near, session.id, "Yes");
    await ended(near, session.id, 3);
    await say("sleep 60");
    await near.api("POST", `/sessions/${session.id}/interrupt`);
    await expect
      .poll(
        async () =>
          (await near.api<{ turn_started_at: string | null }>("GET", `/sessions/${session.id}?messages=0`))
            .turn_started_at,
        {
          timeout: 30_000,
        },
      )
      .toBeNull();

    await signIn(page, near);
    await page.goto(`${near.url}/sessions/${session.id}`);
    await expect(page.getByRole("log").getByText("from-far-away").last()).toBeVisible();

    await near.api("POST", `/sandboxes/${made.id}/stop`);
    expect((await sandbox()).state).toBe("stopped");
    await near.api("DELETE", `/sandboxes/${made.id}`);
    expect(await far.api<Sandbox[]>("GET", "/sandboxes")).toEqual([]);
  });
});
