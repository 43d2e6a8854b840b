import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";
import { choose } from "./steps.ts";

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

  async function answerNext(server: TestServer, session_id: string, answer: string): Promise<void> {
    const pending = async () =>
      (await server.api<{ items: { id: string; kind: string }[] }>("GET", `/requests?session=${session_id}`))
        .items;
    await expect.poll(async () => (await pending()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [request] = await pending();
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

  type Kind = "sessions_api" | "amika" | "sandbox_agent_rest";
  async function connect(kind: Kind, url = far.url): Promise<string> {
    const wanted = { url, token: far.token, kind, name: "far" };
    const backend = await near.api<{ id: string; kind: string; state: string }>("POST", "/backends", wanted);
    expect([backend.kind, backend.state]).toEqual([kind, "online"]);
    return backend.id;
  }

  /** Makes a sandbox of the far server through the near one. */
  async function makeThere(backend_id: string, spec: Record<string, unknown> = {}): Promise<string> {
    const wanted = { name: "over-there", backend_id, ...spec };
    const { id } = await near.api<{ id: string }>("POST", "/sandboxes", wanted);
    await expect
      .poll(async () => (await near.api<Sandbox>("GET", `/sandboxes/${id}`)).state, { timeout: 30_000 })
      .toBe("running");
    expect((await far.api<Sandbox[]>("GET", "/sandboxes")).map(({ name }) => name)).toEqual(["over-there"]);
    return id;
  }

  async function startSession(sandbox_id: string, body: Record<string, unknown> = {}): Promise<string> {
    const path = `/sandboxes/${sandbox_id}/sessions`;
    return (await near.api<{ id: string }>("POST", path, { agent: "mock", ...body })).id;
  }

  const send = (session_id: string, message: string) =>
    near.api("POST", `/sessions/${session_id}/messages`, { message }, { prefer: "respond-async" });

  const lastTool = async (session_id: string) =>
    (await rowsOf(near, session_id)).findLast(({ kind }) => kind === "tool")?.tool;

  const texts = async (session_id: string) => (await rowsOf(near, session_id)).map(({ text }) => text);

  /** No turn runs: the session takes the next prompt. */
  const idle = (session_id: string) =>
    expect
      .poll(
        async () =>
          (await near.api<{ turn_started_at: string | null }>("GET", `/sessions/${session_id}?messages=0`))
            .turn_started_at,
        { timeout: 30_000 },
      )
      .toBeNull();

  async function showsOnPage(page: Page, session_id: string, text: string): Promise<void> {
    await signIn(page, near);
    await page.goto(`${near.url}/sessions/${session_id}`);
    await expect(page.getByRole("log").getByText(text).last()).toBeVisible();
  }

  async function stopAndDelete(sandbox_id: string): Promise<void> {
    await near.api("POST", `/sandboxes/${sandbox_id}/stop`);
    expect((await near.api<Sandbox>("GET", `/sandboxes/${sandbox_id}`)).state).toBe("stopped");
    await near.api("DELETE", `/sandboxes/${sandbox_id}`);
    expect(await far.api<Sandbox[]>("GET", "/sandboxes")).toEqual([]);
  }

  test("over the Sessions API: sandbox, session, prompt, permission, question, stop", async ({ page }) => {
    test.setTimeout(120_000);
    const sandbox = await makeThere(await connect("sessions_api"));
    const session = await startSession(sandbox);
    await send(session, "echo across two servers");
    await ended(near, session, 1);
    expect(await texts(session)).toContain("across two servers");

    await send(session, "run echo from-far-away");
    await answerNext(near, session, "once");
    await ended(near, session, 2);
    const tool = await lastTool(session);
    expect([tool?.status, tool?.output.trim()]).toEqual(["completed", "from-far-away"]);

    await send(session, "question");
    await answerNext(near, session, "Red");
    await answerNext(near, session, "Yes");
    await ended(near, session, 3);
    await send(session, "sleep 60");
    await near.api("POST", `/sessions/${session}/interrupt`);
    await idle(session);
    await showsOnPage(page, session, "from-far-away");
    await stopAndDelete(sandbox);
  });

  test("over Amika's API: sandbox, turns, a permission there, secrets, SSH, stop and start", async ({
    page,
  }) => {
    test.setTimeout(120_000);
    const backend_id = await connect("amika");
    type Kept = { id: string; name: string; backend_id: string | null };
    const secret = await near.api<Kept>("POST", "/secrets", { name: "db", value: "far-value", backend_id });
    const farSecrets = async () => (await far.api<Kept[]>("GET", "/secrets")).map(({ name }) => name);
    expect(await farSecrets()).toEqual(["db"]);
    await near.api("PUT", `/secrets/${secret.id}`, { value: "newer-value" });
    const key = { name: "work", value: "sk-ant-far", type: "api_key", backend_id };
    const credential = await near.api<Kept>("POST", "/secrets/claude", key);
    expect((await far.api<Kept[]>("GET", "/secrets/claude")).map(({ name }) => name)).toEqual(["work"]);

    const sandbox = await makeThere(backend_id, {
      agent_provider: "mock",
      env_vars: { PLAIN: "yes" },
      secret_env_vars: { DB: "db" },
    });
    const [there] = await far.api<Sandbox[]>("GET", "/sandboxes");
    const command = ["sh", "-c", 'printf %s "$PLAIN:${#DB}:${#ANTHROPIC_API_KEY}"'];
    const { stdout } = await far.api<{ stdout: string }>("POST", `/sandboxes/${there?.id}/exec`, { command });
    expect(stdout, "a variable; lengths of a secret and a key kept there").toBe("yes:11:10");

    const session = await startSession(sandbox);
    await send(session, "echo across two servers");
    await ended(near, session, 1);
    expect(await texts(session)).toContain("across two servers");
    await send(session, "run echo from-far-away");
    const [farSession] = await far.api<{ id: string }[]>("GET", "/sessions");
    await answerNext(far, farSession?.id ?? "", "once");
    await ended(near, session, 2);
    expect((await texts(session)).join(" ")).toContain("from-far-away");
    await showsOnPage(page, session, "from-far-away");

    type Capable = { id: string; capabilities: { sandboxes: { ssh: boolean } } };
    const local = (await far.api<Capable[]>("GET", "/backends")).find(({ id }) => id === "local");
    const grant = await near.request("POST", `/sandboxes/${sandbox}/ssh`);
    if (local?.capabilities.sandboxes.ssh) {
      const { token, command: ssh } = await grant.json();
      expect(ssh).toMatch(/^ssh /);
      await near.api("DELETE", `/sandboxes/${sandbox}/ssh`, { token });
    } else {
      expect([grant.status, await grant.text()]).toEqual([
        400,
        expect.stringContaining("gives no SSH access"),
      ]);
    }

    await near.api("POST", `/sandboxes/${sandbox}/stop`);
    await near.api("POST", `/sandboxes/${sandbox}/start`);
    await send(session, "echo after the start");
    await ended(near, session, 3);
    await near.api("DELETE", `/secrets/${secret.id}`);
    await near.api("DELETE", `/secrets/claude/${credential.id}`);
    expect(await farSecrets()).toEqual([]);
    expect(await far.api("GET", "/secrets/claude")).toEqual([]);
    await near.api("DELETE", `/sandboxes/${sandbox}`);
    expect(await far.api<Sandbox[]>("GET", "/sandboxes")).toEqual([]);
  });

  test("the form of a new sandbox has Amika's own fields, and says what is wrong with one", async ({
    page,
  }) => {
    test.setTimeout(120_000);
    await connect("amika");
    await signIn(page, near);
    await page.goto(`${near.url}/sandboxes?new`);
    const form = page.getByRole("dialog", { name: "New sandbox" });
    await choose(form.getByRole("combobox", { name: "Backend" }), "far");
    await form.getByLabel("Name").fill("by-form");
    await form.getByRole("button", { name: "More" }).click();
    await choose(form.getByRole("combobox", { name: "GitHub sign-in" }), "GitHub app");
    const minutes = form.getByRole("spinbutton", { name: "Delete after stopped minutes" });
    await minutes.fill("-5");
    await form.getByRole("button", { name: "Create sandbox" }).click();
    await expect(form.getByRole("alert")).toContainText("-1 is never");
    await minutes.fill("60");
    await form.getByRole("button", { name: "Create sandbox" }).click();
    await expect(form).toBeHidden();
    await expect
      .poll(() => far.api<Sandbox[]>("GET", "/api/v0beta1/sandboxes"), { timeout: 20_000 })
      .toMatchObject([{ name: "by-form", auto_delete_interval: 60, github_auth_mode: "app_token" }]);
  });

  test("over Sandbox Agent's REST API: session, permission, question, tool, terminate", async ({ page }) => {
    test.setTimeout(120_000);
    await far.api("POST", "/sandboxes", { name: "box", agent_provider: "mock" });
    await expect
      .poll(async () => (await far.api<Sandbox>("GET", "/sandboxes/box")).state, { timeout: 30_000 })
      .toBe("running");
    const backend_id = await connect("sandbox_agent_rest", `${far.url}/sandboxes/box`);
    const [sandbox] = await near.api<Sandbox[]>("GET", `/sandboxes?backend=${backend_id}`);
    const offered = await near.api<{ id: string; value: string }[]>(
      "GET",
      `/sandboxes/${sandbox?.id}/agents/mock/options`,
    );
    expect(offered.map(({ id, value }) => [id, value])).toEqual(
      expect.arrayContaining([
        ["agentMode", "build"],
        ["permissionMode", "default"],
      ]),
    );
    const session = await startSession(sandbox?.id ?? "", {
      title: "From afar",
      options: { agentMode: "build", permissionMode: "default" },
    });
    await send(session, "echo across two servers");
    await ended(near, session, 1);
    expect(await texts(session)).toContain("across two servers");

    await send(session, "run echo from-far-away");
    await answerNext(near, session, "once");
    await ended(near, session, 2);
    const tool = await lastTool(session);
    expect([tool?.status, tool?.output.trim()]).toEqual(["completed", "from-far-away"]);

    await send(session, "question");
    await answerNext(near, session, "Red");
    await answerNext(near, session, "Yes");
    await ended(near, session, 3);
    await send(session, "sleep 60");
    await near.api("POST", `/sessions/${session}/interrupt`);
    await idle(session);
    await showsOnPage(page, session, "from-far-away");

    const [farSession] = await far.api<{ id: string; state: string }[]>("GET", "/sessions");
    await near.api("PATCH", `/sessions/${session}`, { state: "completed" });
    await expect
      .poll(async () => (await far.api<{ state: string }>("GET", `/sessions/${farSession?.id}`)).state)
      .toBe("completed");

    await near.api("DELETE", `/backends/${backend_id}`);
    await page.goto(`${near.url}/sandboxes/${sandbox?.id}`);
    await expect(page.getByText("Backend removed")).toBeVisible();
    await page.goto(`${near.url}/sessions/${session}`);
    await expect(page.getByRole("log").getByText("from-far-away").last()).toBeVisible();
    expect((await far.api<Sandbox[]>("GET", "/sandboxes")).map(({ name }) => name)).toEqual(["box"]);
  });
});
