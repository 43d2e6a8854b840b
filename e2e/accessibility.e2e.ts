import type { Locator, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  makeSandbox,
  makeSession,
  send,
  setTheme,
  signIn,
  test,
  uniqueName,
} from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";
import { composer, openPanel, openSession, say, sayAndWait, turnsEnded } from "./steps.ts";

/** No violation in either theme. A theme changes nothing but colours, so the second look is at those alone. */
async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  await setTheme(page, "light");
  await expectAccessible(page);
  await setTheme(page, "dark");
  await expectAccessible(page, ["color-contrast"]);
}

const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true }).first();

test.describe("while there is nothing yet", () => {
  let server: TestServer;
  test.beforeAll(async () => {
    server = await startServer();
  });
  test.afterAll(() => server.dispose());

  test("sign-in, with a code that does not work", async ({ page }) => {
    await page.goto(`${server.url}/sign-in`);
    await expect(page.getByRole("heading", { name: "Sign in to Sandbar" })).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await page.getByLabel("Or paste the link here").fill(`${server.url}/sign-in#wrong-code`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("That link did not work.")).toBeVisible();
    await expectAccessibleInBothThemes(page);
  });

  test("start page, sandboxes, secrets and backends", async ({ page }) => {
    await signIn(page, server);
    await expect(heading(page, "Start here")).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await page.goto(`${server.url}/sandboxes`);
    await expect(heading(page, "Start here")).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await page.goto(`${server.url}/secrets`);
    await expect(page.getByText("No secrets yet")).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await page.goto(`${server.url}/backends`);
    await expect(page.getByRole("table", { name: "Backends" })).toBeVisible();
    await expectAccessibleInBothThemes(page);
  });
});

test("inbox with requests that wait, and one that is resolved", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  const title = uniqueName("waits");
  for (const prompt of ["run echo waiting-command", "question"]) {
    const session = await makeSession(server, id, { title });
    await send(server, session.id, prompt);
  }
  await page.goto(`${server.url}/inbox`);
  // Other sessions of this server may ask the same.
  const own = (list: Locator, words: RegExp) =>
    list.getByRole("listitem").filter({ hasText: title }).getByRole("link", { name: words });
  const requests = page.getByRole("list", { name: "Waiting for you" });
  await own(requests, /echo waiting-command/).click();
  await expect(page.getByRole("region", { name: /waiting-command/ })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await own(requests, /Choose a color/).click();
  await page.getByRole("button", { name: /Decline/ }).click();
  await page
    .getByRole("region", { name: "Recently resolved" })
    .getByRole("link", { name: /Choose a color.*Declined/ })
    .first()
    .click();
  await expect(page.getByRole("status").getByText("Declined")).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("sandboxes: table, nothing found, create sheet", async ({ signedIn: page, server }) => {
  await makeSandbox(server, { labels: { team: "web" } });
  await page.goto(`${server.url}/sandboxes`);
  await expect(page.getByRole("table", { name: "Sandboxes" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.goto(`${server.url}/sandboxes?q=no-sandbox-is-called-so&label=team%3Dweb`);
  await expect(page.getByText("No sandbox matches")).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.goto(`${server.url}/sandboxes?new`);
  const sheet = page.getByRole("dialog", { name: "New sandbox" });
  await sheet.getByRole("radio", { name: /Clone a repository/ }).click();
  await sheet.getByRole("button", { name: "Add variable" }).click();
  await sheet.getByRole("button", { name: "Create sandbox" }).click();
  await expect(sheet.getByText("Enter the address of the repository")).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("a sandbox: each tab, and the question before a delete", async ({ signedIn: page, server }) => {
  const { id, name } = await makeSandbox(server, { setup_script: "echo made ready" });
  await makeSession(server, id, { title: "In the sandbox" });
  await page.goto(`${server.url}/sandboxes/${id}`);
  await expect(page.getByText("Latest sessions")).toBeVisible();
  for (const tab of ["Overview", "Sessions", "Agents", "Details"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
    await expectAccessibleInBothThemes(page);
  }
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /Delete sandbox/ }).click();
  await expect(page.getByRole("alertdialog", { name: `Delete ${name}?` })).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("a session: empty, and with one of everything", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  const session = await openSession(page, server, id);
  await expect(heading(page, "Nothing has been said yet")).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await sayAndWait(page, server, session.id, "markdown");
  await sayAndWait(page, server, session.id, "subagent");
  await sayAndWait(page, server, session.id, "error");
  await expectAccessibleInBothThemes(page);

  await say(page, "demo");
  const permission = page.getByRole("dialog", { name: "Permission required" });
  await expect(permission).toContainText("echo mock");
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Waiting for you" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  const dock = page.getByRole("region", { name: "Waiting for you" });
  await dock.getByRole("button", { name: "Allow once" }).click();
  await expect(permission.getByRole("figure")).toContainText("deny.txt");
  await expectAccessibleInBothThemes(page);
  await permission.getByRole("button", { name: /Reject/ }).click();
  const question = page.getByRole("dialog", { name: "Choose a color" });
  await expect(question).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await question.getByRole("radio", { name: "Red" }).click();
  await question.getByRole("button", { name: /Send answer/ }).click();
  const second = page.getByRole("dialog", { name: "Allow mock experiment?" });
  await second.getByRole("radio", { name: "No" }).click();
  await second.getByRole("button", { name: /Send answer/ }).click();
  await expect.poll(() => turnsEnded(server, session.id)).toBe(4);
  await expectAccessibleInBothThemes(page);
});

test("a session: the tabs of its panel", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  const session = await openSession(page, server, id);
  await sayAndWait(page, server, session.id, "plan");
  await sayAndWait(page, server, session.id, "tool");
  for (const tab of ["Plan", "Changes", "Events", "Details"]) {
    await expect(await openPanel(page, tab)).toBeVisible();
    await expectAccessibleInBothThemes(page);
  }
  const events = await openPanel(page, "Events");
  await events.getByRole("radio", { name: "Sent upstream" }).click();
  await expect(events.getByText("Newest first")).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("a session: find, outline and the slash menu", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  const session = await openSession(page, server, id);
  await sayAndWait(page, server, session.id, "tool");
  await page.getByRole("button", { name: "Find in the transcript" }).click();
  await page.getByRole("searchbox", { name: "Find in the transcript" }).fill("mock");
  await page.keyboard.press("Enter");
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "Close find" }).click();
  await page.getByRole("button", { name: "Outline of turns" }).click();
  await expect(page.getByRole("navigation", { name: "Turns" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await composer(page).fill("/");
  await expect(page.getByRole("listbox", { name: "Commands" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("secrets: list, create and import dialogs", async ({ signedIn: page, server }) => {
  await server.api("POST", "/secrets", { name: uniqueName("A11Y").replaceAll("-", "_"), value: "x" });
  await page.goto(`${server.url}/secrets`);
  await expect(page.getByRole("table", { name: "Secrets" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "New secret" }).click();
  await page.getByRole("button", { name: "Keep secret" }).click();
  await expect(page.getByText("Enter a name")).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Import .env" }).click();
  await page.getByLabel("Text", { exact: true }).fill("GOOD_NAME=1\nnot a line\nEMPTY=");
  await expect(page.getByText("2 names found")).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("backends: connect dialog and detail", async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/backends?new`);
  const dialog = page.getByRole("dialog", { name: "Connect a backend" });
  await dialog.getByLabel("Address").fill("http://169.254.169.254/");
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(dialog.getByRole("alert").first()).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await page.getByRole("table", { name: "Backends" }).getByRole("link").first().click();
  await expect(heading(page, "What works here")).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("settings with a new token, and an address that is no page", async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name", { exact: true }).fill(uniqueName("token"));
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText("Copy it now. It is not shown again.")).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("table", { name: "API tokens" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.goto(`${server.url}/nowhere`);
  await expect(heading(page, "There is no page at this address")).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test("command palette, shortcuts and the new-session dialog", async ({ signedIn: page, server }) => {
  await makeSandbox(server);
  await page.goto(`${server.url}/settings`);
  await expect(heading(page, "Settings")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog", { name: "Search or run" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("option", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await page.goto(`${server.url}/settings?new-session=`);
  await expect(page.getByRole("button", { name: "Start session" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("a session and the sandboxes", async ({ signedIn: page, server }) => {
    const { id } = await makeSandbox(server);
    const session = await openSession(page, server, id);
    await sayAndWait(page, server, session.id, "markdown");
    await expectAccessibleInBothThemes(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole("button", { name: "Session panel" }).click();
    await expect(page.getByRole("dialog", { name: "Session panel" })).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await page.goto(`${server.url}/sandboxes`);
    await expect(heading(page, "Sandboxes")).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole("button", { name: /^Open the menu/ }).click();
    await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
    await expectAccessibleInBothThemes(page);
  });
});

/** A page that is wider than the screen hides its right edge. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBe(screen);
}
