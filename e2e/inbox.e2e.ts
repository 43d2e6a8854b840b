import type { Locator, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  makeSandbox,
  makeSession,
  send,
  signIn,
  test as base,
} from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";
import { turnsEnded } from "./steps.ts";

/** A server of its own: an inbox shows what every session waits for, those of other tests too. */
const test = base.extend<{ own: TestServer; box: { id: string } }>({
  own: async ({}, provide) => {
    const server = await startServer();
    await provide(server);
    await server.dispose();
  },
  box: async ({ own }, provide) => provide(await makeSandbox(own)),
});

const waiting = (page: Page): Locator =>
  page.getByRole("list", { name: "Waiting for you" }).getByRole("link");
const current = (page: Page): Locator => page.locator("[data-request][aria-current]");
const card = (page: Page, name: RegExp): Locator => page.getByRole("region", { name });

/** Has an agent ask; gives the session, and the request once it waits. */
async function ask(server: TestServer, sandbox_id: string, prompt: string) {
  const session = await makeSession(server, sandbox_id, { title: `Asks ${prompt}` });
  await send(server, session.id, prompt);
  const pending = async () =>
    (await server.api<{ items: { id: string }[] }>("GET", `/requests?session=${session.id}`)).items;
  await expect.poll(async () => (await pending()).length).toBe(1);
  const [request] = await pending();
  return { session_id: session.id, request_id: request!.id };
}

/** Its buttons act: what is typed in the first moments of a request answers nothing. */
async function untilArmed(shown: Locator, button: RegExp): Promise<void> {
  await expect(shown.getByRole("button", { name: button })).toBeEnabled();
}

test("three requests by keyboard alone, oldest first; one is answered elsewhere meanwhile", async ({
  page,
  own: server,
  box,
}) => {
  const first = await ask(server, box.id, "run echo first");
  const second = await ask(server, box.id, "run echo second");
  const third = await ask(server, box.id, "question");
  const fourth = await ask(server, box.id, "run echo fourth");
  await signIn(page, server);
  await expect(page).toHaveURL(/\/inbox$/);
  await expect(waiting(page)).toHaveText([/echo first/, /echo second/, /Choose a color/, /echo fourth/]);
  await expect(page).toHaveTitle(/^\(4\)/);

  await untilArmed(card(page, /echo first/), /Allow once/);
  await page.keyboard.press("y");
  await expect(card(page, /echo second/)).toBeVisible();
  await expect.poll(() => turnsEnded(server, first.session_id)).toBe(1);

  // Another client answers the open one: it stays in its place and says so.
  await server.api("POST", `/sessions/${second.session_id}/permissions/${second.request_id}/respond`, {
    reply: "reject",
  });
  await expect(card(page, /echo second/).getByRole("status")).toContainText(/Rejected by environment/);
  await expect(card(page, /echo second/).getByRole("button", { name: /Allow once/ })).toHaveCount(0);
  await expect(waiting(page)).toHaveText([/Rejected by/, /Choose a color/, /echo fourth/]);

  await page.keyboard.press("j");
  await expect(waiting(page)).toHaveText([/Choose a color/, /echo fourth/]);
  await expect(current(page)).toBeFocused();
  const question = card(page, /Choose a color/);
  await page.keyboard.press("Enter");
  await expect(question).toBeFocused();
  await untilArmed(question, /Send answer/);
  await page.keyboard.press("2");
  await expect(question.getByRole("radio", { name: "Blue" })).toBeChecked();
  await page.keyboard.press("Enter");
  // The mock agent asks a second time, which comes last and swaps nothing.
  await expect(card(page, /echo fourth/)).toBeVisible();
  await expect(waiting(page)).toHaveText([/echo fourth/, /Allow mock experiment/]);
  await expect(card(page, /echo fourth/)).toBeFocused();

  await untilArmed(card(page, /echo fourth/), /Reject/);
  await page.keyboard.press("n");
  await expect(card(page, /Allow mock experiment/)).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0); // N is "New session" elsewhere
  await expect.poll(() => turnsEnded(server, fourth.session_id)).toBe(1);
  await untilArmed(card(page, /Allow mock experiment/), /Decline/);
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await expect.poll(() => turnsEnded(server, third.session_id)).toBe(1);
  await expect(page.getByRole("region", { name: "Recently resolved" }).getByRole("link")).toHaveText([
    /Allow mock experiment.*Declined/,
    /echo fourth.*Rejected/,
    /Choose a color.*Answered/,
    /echo second.*Rejected by environment/,
    /echo first.*Allowed once/,
  ]);
});

/** Presses a key in the moment a request is shown, sooner than any hand. */
async function pressAsItOpens(page: Page, words: string, key: string): Promise<void> {
  await page.evaluate(
    ([words, key]) => {
      const observer = new MutationObserver(() => {
        const card = document.querySelector(`section[aria-label*="${words}"]`);
        if (!card) return;
        observer.disconnect();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        card.setAttribute("data-pressed", key);
      });
      observer.observe(document.body, { attributes: true, childList: true, subtree: true });
    },
    [words, key] as const,
  );
}

test("keys answer nothing in the first moments, and nothing while a person writes", async ({
  page,
  own: server,
  box,
}) => {
  const { session_id, request_id } = await ask(server, box.id, "question text");
  const command = await ask(server, box.id, "run echo slow-down");
  await signIn(page, server);
  await page.goto(`${server.url}/inbox/${request_id}`);
  const text = card(page, /call it/).getByRole("textbox");
  await text.fill("y");
  await text.press("n");
  await text.press("j");
  await expect(text).toHaveValue("ynj");
  await page.reload();
  await expect(text).toHaveValue("ynj");
  await untilArmed(card(page, /call it/), /Send answer/);
  await pressAsItOpens(page, "slow-down", "y");
  await text.press("Enter");
  await expect(card(page, /slow-down/)).toHaveAttribute("data-pressed", "y");
  await untilArmed(card(page, /slow-down/), /Allow once/);
  expect(await turnsEnded(server, command.session_id)).toBe(0);
  await page.keyboard.press("Y");
  await expect.poll(() => turnsEnded(server, command.session_id)).toBe(1);
  await expect.poll(() => turnsEnded(server, session_id)).toBe(1);
});

test("the keys work from a link of the sidebar too, and not under a dialog", async ({
  page,
  own: server,
  box,
}) => {
  const { session_id } = await ask(server, box.id, "run echo after-a-click");
  const second = await ask(server, box.id, "run echo left-alone");
  await signIn(page, server);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await untilArmed(card(page, /after-a-click/), /Allow once/);
  await page.keyboard.press("j");
  await expect(card(page, /left-alone/)).toBeVisible();
  await page.keyboard.press("k");
  await untilArmed(card(page, /after-a-click/), /Allow once/);
  await page.keyboard.press("y");
  await expect.poll(() => turnsEnded(server, session_id)).toBe(1);
  await expect(card(page, /left-alone/)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /Open now: .*left-alone/ })).toBeAttached();
  await untilArmed(card(page, /left-alone/), /Allow once/);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox").press("y");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await turnsEnded(server, second.session_id)).toBe(0);
});

test("an answer that comes second says who was first", async ({ page, own: server, box }) => {
  const { session_id, request_id } = await ask(server, box.id, "run echo too-late");
  await signIn(page, server);
  await untilArmed(card(page, /too-late/), /Allow once/);
  // Somebody's answer, and a click in the moment that it was taken: nothing on this page can change in between.
  await card(page, /too-late/)
    .getByRole("button", { name: /Reject/ })
    .evaluate((button: HTMLElement, url) => {
      const call = new XMLHttpRequest();
      call.open("POST", url, false);
      call.setRequestHeader("content-type", "application/json");
      call.send(JSON.stringify({ reply: "once" }));
      button.click();
    }, `/api/v1/sessions/${session_id}/permissions/${request_id}/respond`);
  await expect(page.getByText("This request was already resolved")).toBeVisible();
  const { request_id: next } = await ask(server, box.id, "run echo comes-next");
  await expect(card(page, /too-late/).getByRole("status")).toContainText(/Allowed once by/);
  await expect(waiting(page)).toHaveText([/too-late.*Allowed once/, /comes-next/]);
  await page.goto(`${server.url}/inbox/${next}`);
  await expect(card(page, /comes-next/)).toBeVisible();
  await page.goto(`${server.url}/inbox/${request_id}`);
  await expect(card(page, /too-late/).getByRole("status")).toContainText(/Allowed once by/);
  await page.goto(`${server.url}/inbox/no-such-request`);
  await expect(page.getByText("This request does not wait any more")).toBeVisible();
});

test("what led to a request stands below it, as its session shows it", async ({ page, own: server, box }) => {
  const session = await makeSession(server, box.id);
  await send(server, session.id, "markdown");
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await send(server, session.id, "run echo and-now");
  await signIn(page, server);
  const before = page.getByRole("region", { name: "What led to it" });
  await expect(before.getByRole("article")).toHaveText(/run echo and-now/);
  await expect(before.getByText("The end."), "an earlier turn led to nothing here").toHaveCount(0);
  await expectAccessible(page);
  await before.getByRole("button", { name: "Show its events" }).first().focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/sessions/${session.id}#`));
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("the list, a request instead of it, and back", async ({ page, own: server, box }) => {
    const { session_id } = await ask(server, box.id, "run echo by-thumb");
    await ask(server, box.id, "run echo second-thumb");
    await signIn(page, server);
    await waiting(page).first().click();
    await expect(waiting(page)).toHaveCount(0);
    await expectAccessible(page);
    await untilArmed(card(page, /by-thumb/), /Allow once/);
    await card(page, /by-thumb/)
      .getByRole("button", { name: /Allow once/ })
      .click();
    await expect.poll(() => turnsEnded(server, session_id)).toBe(1);
    await expect(card(page, /second-thumb/)).toBeVisible();
    await page.getByRole("link", { name: "Inbox", exact: true }).click();
    await expect(waiting(page)).toHaveText([/second-thumb/]);
    await expectAccessible(page);
  });
});
