import type { Locator, Page } from "@playwright/test";
import { expect, makeSandbox, send, test as base, uniqueName } from "./fixtures.ts";
import { choose, composer, openSession, say, sayAndWait, turnsEnded } from "./steps.ts";

/** `sandbox` is shared by the tests of a worker: each has a session of its own in it. */
const test = base.extend<object, { sandbox: { id: string; name: string } }>({
  sandbox: [async ({ server }, provide) => provide(await makeSandbox(server)), { scope: "worker" }],
});

const log = (page: Page): Locator => page.getByRole("log");
const queue = (page: Page): Locator => page.getByRole("region", { name: "Queued messages" });

async function pickFromMenu(page: Page, item: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Session actions" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("a session starts from the dialog, with the agent's state and a title", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const title = uniqueName("From the dialog");
  await page.goto(`${server.url}/sandboxes/${sandbox.id}`);
  // The page's own: that of the sidebar would offer any sandbox.
  await page.getByRole("main").getByRole("link", { name: "New session" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel(/^First message/)).toBeFocused();
  await dialog.getByLabel(/^Title/).fill(title);
  await dialog.getByLabel(/^First message/).fill("echo said at once");
  await dialog.getByLabel(/^First message/).press("ControlOrMeta+Enter");
  await expect(page).toHaveURL(/\/sessions\//);
  await expect(log(page).getByText("said at once").last()).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(
    page.getByRole("region", { name: "Sessions" }).getByRole("link", { name: title }),
  ).toBeVisible();
});

test("who comes back sees where they left off", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "echo seen by me");
  const line = log(page).getByText("New since you last looked");
  const leave = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Secrets" });
  await expect(line).toHaveCount(0);

  await leave.click();
  await expect(page.getByRole("heading", { level: 1, name: "Secrets" })).toBeVisible();
  await send(server, session.id, "echo said meanwhile");
  await expect.poll(() => turnsEnded(server, session.id)).toBe(2);
  const inList = page.getByRole("region", { name: "Sessions" }).locator(`a[href*="${session.id}"]`);
  await expect(inList).toContainText("Unread");
  await inList.click();
  await expect(line).toBeVisible();
  const text = await log(page).innerText();
  const places = ["seen by me", "New since you last looked", "said meanwhile"].map((one) =>
    text.indexOf(one),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));

  await leave.click();
  await inList.click();
  await expect(log(page).getByText("said meanwhile").last()).toBeVisible();
  await expect(line, "everything was seen by then").toHaveCount(0);
});

test("what is sent while a turn runs is queued, in order, and can be taken out", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await say(page, "stall");
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await expect(stop).toBeVisible();
  for (const prompt of ["echo first queued", "echo taken out", "echo last queued"]) await say(page, prompt);
  const items = queue(page).getByRole("listitem");
  await expect(items).toContainText(["echo first queued", "echo taken out", "echo last queued"]);
  await items.nth(1).getByRole("button", { name: "Remove from the queue" }).click();
  await expect(items).toContainText(["echo first queued", "echo last queued"]);
  await log(page).hover(); // The words of the button that was under the pointer would cover the next one.
  await items.nth(1).getByRole("button", { name: /^Edit/ }).click();
  await expect(composer(page)).toHaveValue("echo last queued");
  await expect(items).toHaveCount(1);
  await say(page, "echo last queued, edited");
  await expect(items).toHaveCount(2);
  await stop.click();
  await expect.poll(() => turnsEnded(server, session.id)).toBe(3);
  await expect(queue(page)).toHaveCount(0);
  await expect(log(page).getByRole("article").getByRole("paragraph")).toHaveText([
    "stall",
    "echo first queued",
    "echo last queued, edited",
  ]);
});

test("a stopped sandbox is named in place of the field, with the button that starts it", async ({
  signedIn: page,
  server,
}) => {
  const own = await makeSandbox(server);
  await openSession(page, server, own.id);
  await composer(page).fill("echo kept for later");
  await server.api("POST", `/sandboxes/${own.id}/stop`);
  await expect(page.getByText("The sandbox is stopped.")).toBeVisible();
  await page.getByRole("button", { name: "Start sandbox" }).click();
  await expect(composer(page)).toHaveValue("echo kept for later");
  await composer(page).press("Enter");
  await expect(log(page).getByText("kept for later").last()).toBeVisible();
});

test("a turn is stopped, and the session goes on", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await say(page, "stall");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(log(page).getByText(/^Stopped/)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0);
  await sayAndWait(page, server, session.id, "echo after the stop");
  await expect(log(page).getByText("after the stop").last()).toBeVisible();
});

test("a session is renamed, and its agent may rename it too", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  const title = uniqueName("Renamed");
  await pickFromMenu(page, /Rename/);
  await page.getByLabel("Title of the session").fill(title);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(title));
  await page.getByRole("heading", { level: 1 }).getByRole("button").click();
  await page.getByLabel("Title of the session").fill("not this");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  expect((await server.api<{ title: string }>("GET", `/sessions/${session.id}`)).title).toBe(title);
});

test("archive, undo, archive again, restore from the archived ones", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const title = uniqueName("Put away");
  await openSession(page, server, sandbox.id, { title });
  const sessions = page.getByRole("region", { name: "Sessions" });
  const link = sessions.getByRole("link", { name: title });
  await pickFromMenu(page, /^Archive$/);
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover(); // The offer stays while it is pointed at.
  await expect(link).toHaveCount(0);
  await undo.click();
  await expect(link).toBeVisible();
  await pickFromMenu(page, /^Archive$/);
  await expect(page.getByText("This session is archived.")).toBeVisible();
  await sessions.getByRole("button", { name: "Show archived sessions" }).click();
  await sessions.getByRole("button", { name: `Restore ${title}` }).click();
  await sessions.getByRole("button", { name: "Show current sessions" }).click();
  await expect(link).toBeVisible();
  await expect(composer(page)).toBeVisible();
});

test("an ended session can be reopened", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "echo before the end");
  await pickFromMenu(page, /End session/);
  await page.getByRole("alertdialog").getByRole("button", { name: "End session" }).click();
  await expect(page.getByText("This session has ended.")).toBeVisible();
  await page.getByRole("button", { name: "Reopen session" }).click();
  await sayAndWait(page, server, session.id, "echo after the end");
  await expect(log(page).getByText("after the end").last()).toBeVisible();
});

test("model and mode are changed, and stay", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "echo options");
  await choose(page.getByRole("combobox", { name: "Model", exact: true }), "Mock Fast");
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toContainText("Mock Fast");
  await choose(page.getByRole("combobox", { name: "Mode", exact: true }), "Plan");
  await expect(page.getByText("· Mock Fast · Plan")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toContainText("Mock Fast");
  await expect(page.getByRole("combobox", { name: "Mode", exact: true })).toContainText("Plan");
});

test("an agent that dies in a turn fails it with the reason, and the next prompt works", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "crash");
  await expect(log(page).getByText("The turn failed.")).toBeVisible();
  await expect(log(page).getByText(/process ended with exit code 3/)).toBeVisible();
  await sayAndWait(page, server, session.id, "echo alive again");
  await expect(log(page).getByText("alive again").last()).toBeVisible();
});
