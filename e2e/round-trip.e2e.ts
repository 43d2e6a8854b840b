import type { Page } from "@playwright/test";
import { expect, makeSession, send, signIn, test } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";
import { closeOf, connectSsh, runOverSsh, type ShownAccess } from "./ssh.ts";
import { choose } from "./steps.ts";
import { type Sandbox, twoServers } from "./two-servers.ts";

/** Page → server → adapter → published API → server → sandbox-agent → mock agent: one Sandbar uses another. */
test.describe("one Sandbar connected to another", () => {
  let near: TestServer;
  let far: TestServer;
  let both: ReturnType<typeof twoServers>;
  test.beforeEach(async () => {
    [near, far] = await Promise.all([startServer(), startServer()]);
    both = twoServers(near, far);
  });
  test.afterEach(() => Promise.all([near.dispose(), far.dispose()]));

  const farSecrets = async (at = "/secrets") =>
    (await far.api<{ name: string }[]>("GET", at)).map(({ name }) => name);

  /** Keeps a secret on the far server through the near one's page, and finds it listed there. */
  async function keepSecretByPage(page: Page, name: string): Promise<void> {
    await page.goto(`${near.url}/secrets`);
    await page.getByRole("button", { name: "New secret" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New secret" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Value", { exact: true }).fill("far-value");
    await choose(dialog.getByRole("combobox", { name: "Kept by" }), "far");
    await dialog.getByRole("button", { name: "Keep secret" }).click();
    await expect(page.getByRole("row").filter({ hasText: name })).toContainText("far");
    await expect.poll(() => farSecrets()).toEqual([name]);
  }

  async function deleteSecretByPage(page: Page, name: string): Promise<void> {
    await page.goto(`${near.url}/secrets`);
    await page.getByRole("button", { name: `More for ${name}` }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete secret" }).click();
    await expect.poll(() => farSecrets()).toEqual([]);
  }

  /** What a sandbox's page shows once SSH access was granted there. */
  async function grantSshByPage(page: Page, sandbox_id: string): Promise<ShownAccess> {
    await page.goto(`${near.url}/sandboxes/${sandbox_id}?tab=details`);
    await page.getByRole("button", { name: "Grant SSH access" }).click();
    const command = await page.locator("code", { hasText: /^ssh / }).innerText();
    const host_key = await page.locator("code", { hasText: /^ssh-ed25519 / }).innerText();
    return { command, host_key };
  }

  test("over the Sessions API: sandbox, work, secrets, stop, start, delete", async ({ page }) => {
    const backend_id = await both.connect("sessions_api");
    const sandbox = await both.makeThere(backend_id);
    const mcp = { docs: { type: "local", command: "docs-mcp" } };
    const session = await both.workThere(page, sandbox, { metadata: { mcp } });
    const [there] = await far.api<{ metadata: object }[]>("GET", "/sessions");
    expect(there?.metadata, "what the other Sandbar gives its agent").toMatchObject({ mcp });
    await keepSecretByPage(page, "FAR_DB");
    await deleteSecretByPage(page, "FAR_DB");
    await both.stopAndStart(sandbox);
    await send(near, session, "echo after the start");
    await both.ended(session, 5);
    await both.deleteThere(sandbox);
  });

  test("over Amika's API: secrets, sandbox, turns, a permission there, stop, start, delete", async ({
    page,
  }) => {
    const backend_id = await both.connect("amika");
    await signIn(page, near);
    await keepSecretByPage(page, "db");
    const key = { name: "work", value: "sk-ant-far", type: "api_key", backend_id };
    const credential = await near.api<{ id: string }>("POST", "/secrets/claude", key);
    expect(await farSecrets("/secrets/claude")).toEqual(["work"]);

    const sandbox = await both.makeThere(backend_id, {
      agent_provider: "mock",
      env_vars: { PLAIN: "yes" },
      secret_env_vars: { DB: "db" },
    });
    const [there] = await far.api<Sandbox[]>("GET", "/sandboxes");
    const command = ["sh", "-c", 'printf %s "$PLAIN:${#DB}:${#ANTHROPIC_API_KEY}"'];
    const { stdout } = await far.api<{ stdout: string }>("POST", `/sandboxes/${there?.id}/exec`, { command });
    expect(stdout, "a variable; lengths of a secret and a key kept there").toBe("yes:9:10");

    const session = await makeSession(near, sandbox);
    await send(near, session.id, "echo across two servers");
    await both.ended(session.id, 1);
    expect(await both.texts(session.id)).toContain("across two servers");
    await send(near, session.id, "run echo from-far-away");
    const [farSession] = await far.api<{ id: string }[]>("GET", "/sessions");
    await both.answerNext(far, farSession?.id ?? "", "once");
    await both.ended(session.id, 2);
    expect((await both.texts(session.id)).join(" ")).toContain("from-far-away");
    await both.showsOnPage(page, session.id, "from-far-away");

    await both.stopAndStart(sandbox);
    await send(near, session.id, "echo after the start");
    await both.ended(session.id, 3);
    await deleteSecretByPage(page, "db");
    await near.api("DELETE", `/secrets/claude/${credential.id}`);
    expect(await farSecrets("/secrets/claude")).toEqual([]);
    await both.deleteThere(sandbox);
  });

  for (const kind of ["amika", "sessions_api"] as const) {
    test(`SSH access over ${kind} is granted on the page, leads into the sandbox, and ends when it is revoked`, async ({
      page,
    }) => {
      const sandbox = await both.makeThere(await both.connect(kind), { agent_provider: "mock" });
      const [there] = await far.api<Sandbox[]>("GET", "/sandboxes");
      await signIn(page, near);
      const access = await grantSshByPage(page, sandbox);
      const client = await connectSsh(access);
      expect(await runOverSsh(client, "pwd; echo made over ssh > from-ssh.txt; exit 3")).toEqual({
        stdout: `${there?.directory}\n`,
        code: 3,
      });
      const made = await far.request("GET", `/sandboxes/${there?.id}/files/from-ssh.txt`);
      expect(await made.text()).toBe("made over ssh\n");

      const closed = closeOf(client);
      await page.getByRole("button", { name: "Revoke" }).click();
      await expect(page.getByText("SSH access was revoked")).toBeVisible();
      await closed;
      await expect(connectSsh(access)).rejects.toThrow("authentication methods failed");

      const second = await grantSshByPage(page, sandbox);
      const left = await connectSsh(second);
      const ended = closeOf(left);
      await near.api("POST", `/sandboxes/${sandbox}/stop`);
      await ended;
      await expect(connectSsh(second), "a stop ends what it opened").rejects.toThrow(
        "authentication methods failed",
      );
    });
  }

  test("the form of a new sandbox has Amika's own fields, and says what is wrong with one", async ({
    page,
  }) => {
    await both.connect("amika");
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
      .poll(() => far.api<Sandbox[]>("GET", "/api/v0beta1/sandboxes"))
      .toMatchObject([{ name: "by-form", auto_delete_interval: 60, github_auth_mode: "app_token" }]);
  });

  test("over Sandbox Agent's REST API: options, work, terminate, and the end of the backend", async ({
    page,
  }) => {
    await far.api("POST", "/sandboxes", { name: "box", agent_provider: "mock" });
    await expect.poll(async () => (await far.api<Sandbox>("GET", "/sandboxes/box")).state).toBe("running");
    const backend_id = await both.connect("sandbox_agent_rest", `${far.url}/sandboxes/box`);
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
    const session = await both.workThere(page, sandbox?.id ?? "", {
      title: "From afar",
      options: { agentMode: "build", permissionMode: "default" },
    });

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
