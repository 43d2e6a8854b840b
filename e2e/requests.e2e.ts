import type { Locator, Page } from "@playwright/test";
import { expect, makeSandbox, makeSession, send, signIn, test as base } from "./fixtures.ts";
import { answerPermission, openSession, say, turnsEnded, unfold } from "./steps.ts";

/** `sandbox` is shared by the tests of a worker: each has a session of its own in it. */
const test = base.extend<object, { sandbox: { id: string; name: string } }>({
  sandbox: [async ({ server }, provide) => provide(await makeSandbox(server)), { scope: "worker" }],
});

const log = (page: Page): Locator => page.getByRole("log");
const dock = (page: Page): Locator => page.getByRole("region", { name: "Waiting for you" });
const permission = (page: Page): Locator => page.getByRole("dialog", { name: "Permission required" });

/** A request takes no answer in its first moments: what was typed was meant for something else. */
async function untilArmed(dialog: Locator, button: RegExp): Promise<void> {
  await expect(dialog.getByRole("button", { name: button })).toBeEnabled();
}

test("a rejected command does not run, and the card says who rejected it", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  await openSession(page, server, sandbox.id);
  await say(page, "run echo must-not-run");
  await answerPermission(page, /^Reject/);
  await expect(permission(page)).toBeHidden();
  const card = log(page).getByRole("button", { name: /echo must-not-run/ });
  await expect(card).toContainText("rejected");
  await unfold(card);
  await expect(log(page).getByText("Rejected", { exact: true })).toBeVisible();
  await expect(log(page).getByText("✓ exit 0")).toHaveCount(0);
});

test("always allow: the second call does not ask", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await say(page, "run echo first-time");
  await untilArmed(permission(page), /Always allow…/);
  await permission(page).getByRole("button", { name: "Always allow…" }).click();
  await expect(permission(page).getByText(/stops asking/)).toBeVisible();
  await permission(page).getByRole("button", { name: "Always allow", exact: true }).click();
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await say(page, "run echo second-time");
  await expect(log(page).getByRole("button", { name: /echo second-time.*✓ exit 0/ })).toBeVisible();
  await expect(permission(page)).toHaveCount(0);
});

test("a permission by keys alone: Escape puts it aside, Enter allows it", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await say(page, "run echo by-the-keys");
  await expect(permission(page)).toBeFocused();
  await untilArmed(permission(page), /Allow once/);
  const order: string[] = [];
  for (let stop = 0; stop < 8; stop += 1) {
    await page.keyboard.press("Tab");
    order.push(
      await page.locator(":focus").evaluate((one) => one.getAttribute("aria-label") ?? one.textContent ?? ""),
    );
  }
  const places = [/Put aside/, /Command/, /^Reject/, /^Always allow/, /^Allow once/].map((name) =>
    order.findIndex((one) => name.test(one)),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  await page.keyboard.press("Escape");
  await expect(permission(page)).toBeHidden();
  await expect(dock(page)).toContainText("echo by-the-keys");
  await dock(page).getByRole("button", { name: "Open as a dialog" }).press("Enter");
  await expect(permission(page)).toBeFocused();
  await untilArmed(permission(page), /Allow once/);
  await page.keyboard.press("Enter");
  await expect(permission(page)).toBeHidden();
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await expect(log(page).getByRole("button", { name: /echo by-the-keys.*✓ exit 0/ })).toBeVisible();
});

/** Presses keys on the next dialog in the moment it appears, sooner than any hand. */
async function pressAsItAppears(page: Page, keys: string[]): Promise<void> {
  await page.evaluate((pressed) => {
    const observer = new MutationObserver(() => {
      const dialog = document.querySelector("[role=dialog]");
      if (!dialog) return;
      observer.disconnect();
      for (const key of pressed) dialog.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      dialog.setAttribute("data-pressed", pressed.join(" "));
    });
    observer.observe(document.body, { childList: true, subtree: true });
  }, keys);
}

test("what is typed as a request appears answers nothing", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await pressAsItAppears(page, ["Enter", "Backspace"]);
  await send(server, session.id, "run echo not-by-accident");
  await expect(permission(page)).toHaveAttribute("data-pressed", "Enter Backspace");
  await untilArmed(permission(page), /Allow once/);
  expect(await turnsEnded(server, session.id)).toBe(0);
  await answerPermission(page, /Allow once/);
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await expect(log(page).getByRole("button", { name: /echo not-by-accident.*✓ exit 0/ })).toBeVisible();
});

test("a question by digits, and one that is declined", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await say(page, "question");
  const first = page.getByRole("dialog", { name: "Choose a color" });
  await expect(first).toBeFocused();
  await untilArmed(first, /Send answer/);
  await page.keyboard.press("2");
  await expect(first.getByRole("radio", { name: "Blue" })).toBeChecked();
  await page.keyboard.press("Enter");
  const second = page.getByRole("dialog", { name: "Allow mock experiment?" });
  await second.getByRole("button", { name: "Decline to answer" }).click();
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await expect(log(page).getByText(/You answered: Blue/)).toBeVisible();
  await expect(log(page).getByText(/^Declined/)).toBeVisible();
});

test("several kinds of fields in one question", async ({ signedIn: page, server, sandbox }) => {
  const session = await openSession(page, server, sandbox.id);
  await say(page, "question all");
  const dialog = page.getByRole("dialog", { name: "A few things before I start" });
  await expect(dialog.getByText("Question 1 of 5")).toBeVisible();
  await untilArmed(dialog, /Next/);
  await dialog.getByRole("button", { name: /Next/ }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Choose an answer.");
  await dialog.getByRole("radio", { name: "Red" }).click();
  const next = async (number: number) => {
    await expect(dialog.getByText(`Question ${number} of 5`)).toBeVisible();
  };
  await next(2);
  await dialog.getByRole("textbox", { name: "Copies" }).fill("many");
  await dialog.getByRole("button", { name: /Next/ }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Enter a number.");
  await dialog.getByRole("textbox", { name: "Copies" }).fill("3");
  await dialog.getByRole("button", { name: /Next/ }).click();
  await next(3);
  await dialog.getByRole("textbox", { name: "What the result is called" }).fill("the result");
  await dialog.getByRole("button", { name: /Next/ }).click();
  await next(4);
  await dialog.getByRole("radio", { name: "Yes" }).click();
  await next(5);
  await dialog.getByRole("checkbox", { name: "Server" }).click();
  await dialog.getByRole("checkbox", { name: "Agent" }).click();
  await dialog.getByRole("button", { name: /Send answer/ }).click();
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  const said = log(page).getByText(/You answered:/);
  for (const words of ["color: Red", "copies: 3", "name: the result", "notify: true", "parts: Server, Agent"])
    await expect(said).toContainText(words);
});

test("an answer that is begun survives a reload", async ({ signedIn: page, server, sandbox }) => {
  await openSession(page, server, sandbox.id);
  await say(page, "question text");
  const dialog = page.getByRole("dialog", { name: "What shall I call it?" });
  await dialog.getByRole("textbox").fill("half an answ");
  await page.reload();
  await expect(dialog.getByRole("textbox")).toHaveValue("half an answ");
  await dialog.getByRole("textbox").fill("a whole answer");
  await untilArmed(dialog, /Send answer/);
  await dialog.getByRole("textbox").press("Enter");
  await expect(log(page).getByText("You answered: a whole answer.")).toBeVisible();
});

test("what was asked while no page was open is there when one opens", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await makeSession(server, sandbox.id, { title: "While away" });
  await send(server, session.id, "run echo nobody-watched");
  await page.goto(server.url);
  // The inbox, which the start leads to, has a link to it too, but not to the session.
  await page
    .getByRole("region", { name: "Sessions" })
    .getByRole("link", { name: /echo nobody-watched/ })
    .click();
  await expect(page).toHaveURL(new RegExp(session.id));
  await answerPermission(page, /Allow once/);
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await expect(page.getByRole("link", { name: /echo nobody-watched/ })).toHaveCount(0);
});

test("when another browser answers first, the dialog closes with a note", async ({
  signedIn: page,
  server,
  sandbox,
  browser,
}) => {
  const session = await openSession(page, server, sandbox.id);
  const other = await (await browser.newContext()).newPage();
  await signIn(other, server);
  await other.goto(`${server.url}/sessions/${session.id}`);
  await say(page, "run echo answered-elsewhere");
  await expect(permission(page)).toBeVisible();
  // The note goes by itself, so it is waited for from before it can come.
  const note = expect(page.getByText(/The permission was answered/)).toBeVisible();
  await Promise.all([note, answerPermission(other, /Allow once/)]);
  await expect(permission(page)).toBeHidden();
  await other.context().close();

  const { items } = await server.api<{ items: { event_type: string; data: { request_id?: string } }[] }>(
    "GET",
    `/sessions/${session.id}/events?limit=10000`,
  );
  const request_id = items.find(({ event_type }) => event_type === "permission_request")?.data.request_id;
  const late = await server.request("POST", `/sessions/${session.id}/permissions/${request_id}/respond`, {
    reply: "once",
  });
  expect(late.status).toBe(409);
});
