import type { Locator, Page } from "@playwright/test";
import { expect, makeSandbox, makeSession, test as base } from "./fixtures.ts";
import { openPanel, openSession, sayAndWait, turnsEnded } from "./steps.ts";

/** `sandbox` is shared by the tests of a worker: each has a session of its own in it. */
const test = base.extend<object, { sandbox: { id: string; name: string } }>({
  sandbox: [async ({ server }, provide) => provide(await makeSandbox(server)), { scope: "worker" }],
});

const log = (page: Page): Locator => page.getByRole("log");

test("find counts over all that was said and opens what folds", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "think");
  await sayAndWait(page, server, session.id, "burst 4");
  await sayAndWait(page, server, session.id, "long 600");
  await page.keyboard.press("ControlOrMeta+f");
  const field = page.getByRole("searchbox", { name: "Find in the transcript" });
  await expect(field).toBeFocused();
  const bar = page.getByRole("search").filter({ has: field });
  await field.fill("weigh the two ways");
  await expect(bar.getByText("1 match")).toBeVisible();
  await field.press("Enter");
  await expect(bar.getByText("1 of 1")).toBeVisible();
  await expect(log(page).getByText(/Then I weigh the two ways/)).toBeInViewport();
  await field.fill("Result of step");
  await field.press("Enter");
  await field.press("Enter");
  await expect(bar.getByText("2 of 4")).toBeVisible();
  await expect(log(page).getByText("Result of step 2")).toBeInViewport();
  await field.fill("no such words anywhere");
  await expect(bar.getByText("No match")).toBeVisible();
  await field.press("Escape");
  await expect(field).toBeHidden();
});

test("find looks through the whole session, through rows that are not loaded and those that just came", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await makeSession(server, sandbox.id);
  for (const prompt of ["echo the rare word xyzzy", "burst 300", "burst 300"]) {
    await server.api("POST", `/sessions/${session.id}/messages`, { message: prompt });
  }
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(log(page).getByText(/^Done/).last()).toBeInViewport();
  await page.keyboard.press("ControlOrMeta+f");
  const field = page.getByRole("searchbox", { name: "Find in the transcript" });
  const bar = page.getByRole("search").filter({ has: field });
  await field.fill("XYZZY");
  await expect(bar.getByText("2 matches")).toBeVisible();
  await expect(log(page).getByText(/xyzzy/)).toHaveCount(0);
  await field.press("Shift+Enter");
  await expect(bar.getByText("2 of 2")).toBeVisible();
  await field.press("Shift+Enter");
  await expect(bar.getByText("1 of 2")).toBeVisible();
  const prompt = log(page).getByRole("article").filter({ hasText: "xyzzy" });
  await expect(prompt).toBeInViewport();
  await expect.poll(() => markedText(page)).toBe("xyzzy");
  await server.api("POST", `/sessions/${session.id}/messages`, { message: "echo another xyzzy" });
  await expect(bar.getByText("1 of 4")).toBeVisible();
  await field.press("Shift+Enter");
  await expect(bar.getByText("4 of 4")).toBeVisible();
  await expect(log(page).getByText("another xyzzy").last()).toBeInViewport();
});

test("find says when the older messages could not be searched, and tries again", async ({
  signedIn: page,
  server,
  sandbox,
  context,
}) => {
  const session = await makeSession(server, sandbox.id);
  for (const prompt of ["echo the rare word xyzzy", "burst 300"]) {
    await server.api("POST", `/sessions/${session.id}/messages`, { message: prompt });
  }
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(log(page).getByText(/^Done/).last()).toBeInViewport();
  await page.keyboard.press("ControlOrMeta+f");
  const field = page.getByRole("searchbox", { name: "Find in the transcript" });
  const bar = page.getByRole("search").filter({ has: field });
  await expect(field).toBeVisible();
  await context.setOffline(true);
  await field.fill("xyzzy");
  await expect(bar.getByRole("alert")).toContainText(/Only the loaded messages were searched.*try again/);
  await context.setOffline(false);
  await bar.getByRole("button", { name: "Try again" }).click();
  await expect(bar.getByText("2 matches")).toBeVisible();
  await expect(bar.getByRole("alert")).toBeHidden();
});

/** The text that is marked as the match one has gone to. */
function markedText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const ranges = [...(CSS.highlights.get("found-current") ?? [])];
    return ranges.map((range) => (range instanceof Range ? range.toString() : "")).join();
  });
}

test("changes, the outline and the keys know of rows that are not loaded", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await makeSession(server, sandbox.id);
  const prompt = (message: string) =>
    server.api("POST", `/sessions/${session.id}/messages`, { message }, { prefer: "respond-async" });
  await prompt('write early.txt "red\\ngreen\\n"');
  type Pending = { items: { id: string }[] };
  const pending = () => server.api<Pending>("GET", `/sessions/${session.id}/pending`);
  await expect.poll(async () => (await pending()).items.length).toBe(1);
  const request_id = (await pending()).items[0]?.id;
  await server.api("POST", `/sessions/${session.id}/permissions/${request_id}/respond`, { approved: true });
  await prompt("burst 300");
  await expect.poll(() => turnsEnded(server, session.id)).toBe(2);
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(log(page).getByText(/^Done/).last()).toBeInViewport();

  const changes = await openPanel(page, "Changes");
  await expect(changes.getByRole("button", { name: /early\.txt.*\+2/ })).toBeVisible();
  await page.getByRole("button", { name: "Outline of turns" }).click();
  const turns = page.getByRole("navigation", { name: "Turns" });
  await expect(turns.getByRole("listitem")).toHaveText([/write early\.txt.*1 request/, /burst 300/]);
  await page.keyboard.press("Escape");
  await expect(turns).toBeHidden();
  const write = log(page).getByRole("button", { name: /Write .*early\.txt/ });
  await expect(write).toHaveCount(0);
  await log(page).focus();
  await page.keyboard.press("{");
  await expect(write).toBeInViewport();
  await page.keyboard.press("{");
  await expect(page.getByText("There is no failure or request before this")).toBeVisible();
});

test("the outline and the keys lead from turn to turn, a link to a row", async ({
  signedIn: page,
  server,
  sandbox,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "echo the first words");
  await sayAndWait(page, server, session.id, "long 1200");
  await sayAndWait(page, server, session.id, "echo the last words");
  const first = log(page).getByRole("article").filter({ hasText: "echo the first words" });
  await expect(first).not.toBeInViewport();
  await page.getByRole("button", { name: "Outline of turns" }).click();
  const turns = page.getByRole("navigation", { name: "Turns" });
  await expect(turns.getByRole("listitem")).toHaveCount(3);
  await turns.getByRole("button", { name: /echo the first words/ }).click();
  await expect(first).toBeInViewport();

  await first.hover();
  await log(page).getByRole("button", { name: "Copy link to here" }).first().click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain(`/sessions/${session.id}#`);
  const link = await copied();
  await page.goto(`${server.url}/settings`);
  await page.goto(link);
  await expect(first).toBeInViewport();
  await log(page).focus();
  await page.keyboard.press("]");
  await expect(log(page).getByRole("article").filter({ hasText: "long 1200" })).toBeInViewport();
});
