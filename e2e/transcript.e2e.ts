import type { Locator, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { expect, makeSandbox, makeSession, send, test as base, uniqueName } from "./fixtures.ts";
import { answerPermission, composer, openPanel, openSession, say, sayAndWait, turnsEnded } from "./steps.ts";

/** `sandbox` is shared by the tests of a worker: each has a session of its own in it. */
const test = base.extend<object, { sandbox: { id: string; name: string } }>({
  sandbox: [async ({ server }, provide) => provide(await makeSandbox(server)), { scope: "worker" }],
});

const log = (page: Page): Locator => page.getByRole("log");

test("markdown becomes headings, lists, tables and code that can be copied", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "markdown");
  await expect(log(page).getByRole("heading").first()).toBeVisible();
  await expect(log(page).getByRole("table").first()).toBeVisible();
  await expect(
    log(page)
      .getByRole("button", { name: /^Copy code/ })
      .first(),
  ).toBeVisible();
});

test("hostile output runs, loads and hides nothing", async ({ signedIn: page, server, sandbox }) => {
  const outside: string[] = [];
  const dialogs: string[] = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && origin !== server.url) outside.push(request.url());
  });
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "hostile");
  await expect(log(page).getByText('<script>alert("inline script")</script>')).toBeVisible();
  await expect(log(page).getByText("(attacker.example)")).toBeVisible();
  await expect(log(page).getByText(/^Done/)).toBeVisible();
  const found = await log(page).evaluate((element) => ({
    elements: element.querySelectorAll("script, iframe, style, object, embed, img[src^='http']").length,
    handlers: [...element.querySelectorAll("*")].filter((one) =>
      one.getAttributeNames().some((name) => name.startsWith("on")),
    ).length,
    links: [...element.querySelectorAll("a")].map(({ protocol }) => protocol),
    raw: ["\u001b", "\u202e", "\u200b", "\u0000"].filter((one) => element.textContent?.includes(one)),
  }));
  expect(found).toMatchObject({ elements: 0, handlers: 0, raw: [] });
  expect(found.links.filter((protocol) => !/^https?:$/.test(protocol))).toEqual([]);
  await expect(page).not.toHaveTitle(/new window title/);
  expect({ outside, dialogs }).toEqual({ outside: [], dialogs: [] });
});

test("five megabytes of output are capped, with all of it a click away", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "big 5");
  const card = log(page).getByRole("button", { name: /Print 5 MB/ });
  await card.click();
  await expect(log(page).getByText("line 81919").first()).toBeVisible();
  await expect(log(page).getByText(/earlier lines are not shown/)).toBeVisible();
  expect(await log(page).evaluate((element) => element.querySelectorAll("*").length)).toBeLessThan(3000);
  await log(page).getByRole("button", { name: "Show all" }).click();
  const viewer = page.getByRole("dialog", { name: /Print 5 MB/ });
  const text = viewer.getByRole("region", { name: "Text" });
  await expect(text).toContainText("line 1 ");
  await text.press("End");
  await expect(viewer.getByText("line 81919")).toBeVisible();
});

test("a tool card has its merged title, its diffs and its failure", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "tool");
  const card = log(page).getByRole("button", { name: /Search/ });
  await expect(card).toContainText("example");
  await expect(card).toContainText("✗ failed");
  await expect(log(page).getByText("mock search results")).toBeVisible();
  const diff = log(page).getByRole("figure").filter({ hasText: "patch.txt" });
  await expect(diff).toContainText("+1 −1");
  await diff.getByRole("button", { name: "Side by side" }).click();
  await expect(diff.getByRole("row", { name: "removed: old" })).toContainText("new");
});

test("a write and an edit show their diffs, and who allowed them", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  await openSession(page, server, sandbox.id);
  await say(page, 'write colours.txt "red\\ngreen\\n"');
  const dialog = page.getByRole("dialog", { name: "Permission required" });
  await expect(dialog.getByRole("figure")).toContainText("green");
  await answerPermission(page, /Allow once/);
  await expect(log(page).getByRole("button", { name: /Write .*colours\.txt/ })).toContainText("+2");
  await say(page, "edit colours.txt green blue");
  await expect(dialog.getByRole("figure")).toContainText("blue");
  await answerPermission(page, /Allow once/);
  const edit = log(page).getByRole("button", { name: /Edit .*colours\.txt/ });
  await expect(edit).toContainText("+1 −1");
  await expect(log(page).getByText("Allowed once")).toHaveCount(2);
  const changes = await openPanel(page, "Changes");
  await expect(changes).toContainText("colours.txt");
});

test("the plan stands in the panel, with its progress", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  const panel = page.getByRole("complementary", { name: "Session panel" });
  await expect(panel.getByRole("tabpanel", { name: "Details" }), "while there is no plan").toBeVisible();
  await sayAndWait(page, server, session.id, "plan");
  const plan = panel.getByRole("tabpanel", { name: "Plan" });
  await expect(plan.getByRole("listitem")).toHaveCount(5);
  await expect(plan).toContainText("5 of 5");
  await expect(plan.getByRole("listitem").first()).toContainText("Read the request, done");
});

test("thinking is folded, and opens", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "think");
  await expect(log(page).getByText("The second is simpler.", { exact: false })).toHaveCount(0);
  await log(page)
    .getByRole("button", { name: /^Thought/ })
    .click();
  await expect(log(page).getByText(/First I look at what was asked/)).toBeVisible();
});

test("what Sandbar does not understand is kept and can be read", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "unparsed");
  const line = log(page).getByRole("button", { name: /An event Sandbar does not know.*session\/update/ });
  await line.click();
  await expect(
    log(page)
      .getByText(/mock_unparsed/)
      .first(),
  ).toBeVisible();
});

test("a turn that fails says why, with the last lines of the error output", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "error");
  await expect(log(page).getByText("The turn failed.")).toBeVisible();
  await expect(
    log(page)
      .getByText(/Mock error event/)
      .first(),
  ).toBeVisible();
  await sayAndWait(page, server, session.id, "echo still here");
  await expect(log(page).getByText("still here").last()).toBeVisible();
});

test("the calls of a sub-agent stand inside it", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "subagent");
  await expect(log(page).getByRole("button", { name: /Explore the folder/ })).toBeVisible();
  const group = log(page).getByRole("button", { name: "Read 1 file, searched once" });
  await group.click();
  await expect(log(page).getByRole("button", { name: /Read readme\.md/ })).toBeVisible();
  const edge = async (name: RegExp | string) =>
    (await log(page).getByRole("button", { name }).boundingBox())?.x ?? 0;
  expect(await edge(/Read readme\.md/)).toBeGreaterThan(await edge(/Explore the folder/));
});

test("reading above lets go of the end, counts what is new, and goes back to it", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  // More than any machine shows before the test is through with it: the turn is stopped then.
  await say(page, "long 100000 2");
  const jump = page.getByRole("button", { name: /^Jump to latest/ });
  await expect(log(page)).toContainText("250");
  await expect(jump).toBeHidden();
  await log(page).hover();
  await page.mouse.wheel(0, -1500);
  await expect(jump).toBeVisible();
  const top = () => log(page).evaluate((element) => element.scrollTop);
  // The wheel's way takes some frames; then only what comes could move the view.
  let before = -1;
  await expect
    .poll(async () => {
      const last = before;
      before = await top();
      return before === last;
    })
    .toBe(true);
  await expect(page.getByRole("button", { name: /Jump to latest, \d+ new/ })).toBeVisible();
  expect(await top()).toBe(before);
  await jump.click();
  await expect(jump).toBeHidden();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(log(page).getByText(/^Stopped/)).toBeInViewport();
  await sayAndWait(page, server, session.id, "echo the end of it");
  await expect(log(page).getByText("the end of it").last()).toBeInViewport();
});

test("a transcript is taken away as Markdown, with what the page has not loaded", async ({
  signedIn: page,
  server,
  sandbox,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const title = uniqueName("To be copied");
  const session = await makeSession(server, sandbox.id, { title });
  await send(server, session.id, "echo words to take away");
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await send(server, session.id, "burst 300");
  await expect.poll(() => turnsEnded(server, session.id)).toBe(2);
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(log(page).getByText(/^Done/)).toBeInViewport();

  await page.getByRole("button", { name: "Session actions" }).click();
  await page.getByRole("menuitem", { name: "Copy transcript as Markdown" }).click();
  await expect(page.getByText("Transcript copied")).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text.startsWith(`# ${title}\n`)).toBe(true);
  expect(text).toContain("echo words to take away");

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Session actions" }).click();
  await page.getByRole("menuitem", { name: "Download transcript" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^To-be-copied.*\.md$/);
  expect(await readFile(await file.path(), "utf8")).toBe(text);
});

test("the events tab shows what the backend sent, and leads to the row and back", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "echo traced words");
  const events = await openPanel(page, "Events");
  await events.getByRole("searchbox", { name: "Filter events by text" }).fill("traced");
  await expect(events.getByText(/\d+ of \d+ events/)).toBeVisible();
  await events
    .getByRole("button", { name: /text_delta/ })
    .first()
    .click();
  await expect(events.getByText("As the backend sent it")).toBeVisible();
  await expect(events.getByText(/agent_message_chunk/).first()).toBeVisible();
  await events.getByRole("radio", { name: "Sent upstream" }).click();
  await events
    .getByRole("button", { name: /session\/prompt/ })
    .first()
    .click();
  await expect(events.getByText(/traced words/).first()).toBeVisible();
  await expect(composer(page)).toBeVisible();
});
