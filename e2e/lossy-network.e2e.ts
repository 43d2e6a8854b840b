import type { Page } from "@playwright/test";
import { test as base, expect, makeSandbox, makeSession } from "./fixtures.ts";
import { layWire, linkOver, type Wire } from "./network.ts";
import type { TestServer } from "./server.ts";

/** `wire` is the way from `far`, a page that is signed in, to the server. */
const test = base.extend<{ wire: Wire; far: Page }>({
  wire: async ({ server }, provide) => {
    const wire = await layWire(server.url);
    await provide(wire);
    await wire.close();
  },
  far: async ({ page, server, wire }, provide) => {
    await page.goto(await linkOver(wire, server));
    await expect(page).not.toHaveURL(/sign-in/);
    await provide(page);
  },
});

async function promptsOf(server: TestServer, session_id: string): Promise<string[]> {
  type Row = { kind: string; content?: { text?: string }[] };
  const { rows } = await server.api<{ rows: Row[] }>("GET", `/sessions/${session_id}/transcript?limit=200`);
  return rows.flatMap(({ kind, content }) => (kind === "user" ? [content?.[0]?.text ?? ""] : []));
}

test("a message whose answer was lost is sent once, also when it is sent again", async ({
  far,
  wire,
  server,
}) => {
  const sandbox = await makeSandbox(server);
  const session = await makeSession(server, sandbox.id, { title: "Once" });
  await far.goto(`${wire.url}/sessions/${session.id}`);
  const field = far.getByRole("combobox", { name: /^Message/ });
  await field.fill("echo only once");
  wire.lose("answer", /^POST .*\/messages /);
  await field.press("Enter");
  await expect(far.getByRole("alert").filter({ hasText: "Perhaps not sent" })).toBeVisible();
  await expect(field).toHaveValue("echo only once");
  await expect(far.getByRole("log").getByText("only once").last()).toBeVisible();

  wire.lose("answer", null);
  await field.press("Enter");
  await expect(field).toHaveValue("");
  await field.fill("echo another");
  await field.press("Enter");
  await expect.poll(() => promptsOf(server, session.id)).toContain("echo another");
  expect(await promptsOf(server, session.id)).toEqual(["echo only once", "echo another"]);
});

test("a new session whose answer was lost is made once", async ({ far, wire, server }) => {
  const sandbox = await makeSandbox(server);
  await far.goto(`${wire.url}/?new-session=${sandbox.id}`);
  const dialog = far.getByRole("dialog", { name: "New session" });
  await dialog.getByLabel("First message").fill("echo begin");
  const start = dialog.getByRole("button", { name: "Start session" });
  await expect(start).toBeEnabled();
  wire.lose("answer", /^POST .*\/sessions /);
  await start.click();
  await expect(dialog.getByText("No answer came.")).toBeVisible();
  await expect(dialog.getByLabel("First message")).toHaveValue("echo begin");

  wire.lose("answer", null);
  await start.click();
  await expect(far.getByRole("log").getByText("begin").last()).toBeVisible();
  expect(await server.api<unknown[]>("GET", `/sessions?sandbox=${sandbox.id}`)).toHaveLength(1);
});

test("what could not be fetched before a cut is fetched after it", async ({ far, wire, server }) => {
  const sandbox = await makeSandbox(server);
  const session = await makeSession(server, sandbox.id, { title: "Old name" });
  const list = far.getByRole("complementary", { name: "Navigation" });
  await expect(list.getByText("Old name")).toBeVisible();
  const failed = far.waitForEvent("requestfailed", (request) => request.url().includes("/sessions?"));
  wire.lose("request", /^GET \/api\/v1\/sessions\?/);
  await server.api("PATCH", `/sessions/${session.id}`, { title: "New name" });
  await failed;
  await wire.cut();
  await expect(far.getByText(/connection/i).first()).toBeVisible();
  await expect(list.getByText("Sessions could not be loaded").or(list.getByText("Old name"))).toBeVisible();
  wire.lose("request", null);
  await wire.mend();
  await expect(list.getByText("New name")).toBeVisible();
});

test("a page whose first script does not come says what it waits for, and comes", async ({ page, wire }) => {
  wire.lose("request", /^GET \/assets\/index-/);
  await page.goto(`${wire.url}/sign-in`, { waitUntil: "commit" });
  await expect(page.getByText("Waiting for Sandbar's server.")).toBeVisible();
  wire.lose("request", null);
  await expect(page.getByRole("heading", { name: "Sign in to Sandbar" })).toBeVisible();
});

test("a page whose own part does not come shows its frame, is not called updated, and comes", async ({
  far,
  wire,
}) => {
  wire.lose("request", /^GET \/assets\/settings-/);
  const refused = far.waitForEvent("requestfailed", (request) => /settings-.*\.js$/.test(request.url()));
  await far.goto(`${wire.url}/settings`, { waitUntil: "commit" });
  await refused;
  await far.waitForEvent("requestfailed", (request) => /settings-.*\.js$/.test(request.url()));
  await far.waitForEvent("requestfailed", (request) => /settings-.*\.js$/.test(request.url()));
  await expect(far.getByRole("navigation", { name: "Pages" })).toBeVisible();
  await expect(far.getByText("did not come")).toBeHidden();
  wire.lose("request", null);
  await expect(far.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
});

test("a sign-in link that met no answer is not called broken, and is used when tried again", async ({
  page,
  wire,
  server,
}) => {
  wire.lose("request", /^POST .*\/sign-in /);
  await page.goto(await linkOver(wire, server));
  await expect(page.getByText("You are not signed in yet.")).toBeVisible();
  await expect(page.getByText("That link did not work.")).toBeHidden();
  wire.lose("request", null);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page).not.toHaveURL(/sign-in/);
});

test("a page that was chosen while the start page loads is the one that comes", async ({
  far,
  wire,
  server,
}) => {
  await makeSandbox(server);
  const lost = /^GET \/assets\/settings-/;
  wire.lose("request", /^GET \/(assets\/settings-|api\/v1\/sandboxes\?)/);
  await far.goto(wire.url);
  await far.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Settings" }).click();
  const lists = far.waitForResponse((response) => response.url().includes("/sandboxes?"));
  wire.lose("request", lost);
  await lists;
  await far.waitForEvent("requestfailed", (request) => /settings-.*\.js$/.test(request.url()));
  wire.lose("request", null);
  await expect(far.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
});
