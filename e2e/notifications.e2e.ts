import type { BrowserContext, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  makeSandbox,
  makeSession,
  send,
  setTheme,
  signIn,
  test as base,
} from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";

/** A server of its own: a page is told of every session, those of other tests too. */
const test = base.extend<{ own: TestServer }>({
  own: async ({}, provide) => {
    const server = await startServer();
    await provide(server);
    await server.dispose();
  },
});

type Told = { title: string; body: string };
declare global {
  interface Window {
    told: Told[];
    lastNotification: Notification | null;
  }
}

/** Lets the page notify, and writes down what it says beside what the browser shows. */
async function overhear(context: BrowserContext): Promise<void> {
  await context.grantPermissions(["notifications"]);
  await context.addInitScript(() => {
    window.told = [];
    window.lastNotification = null;
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        window.told.push({ title, body: options?.body ?? "" });
        window.lastNotification = this;
      }
    };
  });
}

const told = async (...pages: Page[]): Promise<Told[]> =>
  (await Promise.all(pages.map((page) => page.evaluate(() => window.told)))).flat();

/** Whether a tab holds a lock that names this. */
const isHeld = (page: Page, name: string): Promise<boolean> =>
  page.evaluate(async (part) => {
    const { held = [] } = await navigator.locks.query();
    return held.some((lock) => lock.name?.includes(part));
  }, name);

async function turnOn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings`);
  await page.getByRole("button", { name: "Turn on notifications" }).click();
  await expect(page.getByRole("switch", { name: "An agent needs a permission" })).toBeChecked();
}

test("one notification an event over all tabs, without the command; a click leads to the session", async ({
  context,
  own: server,
}) => {
  await overhear(context);
  const page = await context.newPage();
  await signIn(page, server);
  await turnOn(page, server.url);
  const second = await context.newPage();
  await second.goto(`${server.url}/secrets`);
  await expect(second.getByText("Live", { exact: true })).toBeVisible();

  const { id } = await makeSandbox(server);
  const asking = await makeSession(server, id, { title: "Deploy the page" });
  await send(server, asking.id, "run echo a-secret-value");
  await expect
    .poll(() => told(page, second))
    .toEqual([{ title: "Deploy the page", body: expect.stringMatching(/^Permission required: /) }]);
  expect(JSON.stringify(await told(page, second))).not.toContain("a-secret-value");

  const working = await makeSession(server, id, { title: "Slow work" });
  await send(server, working.id, "sleep 2");
  await expect
    .poll(() => told(page, second))
    .toContainEqual({ title: "Slow work", body: expect.stringMatching(/^The turn finished after \d/) });

  const teller = (await told(page)).some(({ title }) => title === "Slow work") ? page : second;
  await teller.evaluate(() => window.lastNotification?.dispatchEvent(new Event("click")));
  await expect(teller).toHaveURL(new RegExp(working.id));
  await expect.poll(() => isHeld(teller, working.id), "the tabs know that it is looked at").toBe(true);

  // In front of a person now: nothing more of this one, and still one of the other.
  await send(server, working.id, "question");
  await expect(teller.getByRole("dialog", { name: "Choose a color" })).toBeVisible();
  const other = await makeSession(server, id, { title: "Another one" });
  await send(server, other.id, "question");
  await expect
    .poll(() => told(page, second))
    .toEqual([
      expect.objectContaining({ title: "Deploy the page" }),
      expect.objectContaining({ title: "Slow work" }),
      { title: "Another one", body: "Question: Choose a color" },
    ]);
});

test("what is switched off is not told, and the choice is kept", async ({ context, own: server }) => {
  await overhear(context);
  const page = await context.newPage();
  await signIn(page, server);
  await turnOn(page, server.url);
  await page.getByRole("switch", { name: "An agent needs a permission" }).click();
  await page.reload();
  await expect(page.getByRole("switch", { name: "An agent needs a permission" })).not.toBeChecked();
  for (const theme of ["light", "dark"] as const) {
    await setTheme(page, theme);
    await expectAccessible(page);
  }
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const { id } = await makeSandbox(server);
  const silent = await makeSession(server, id, { title: "Not told" });
  await send(server, silent.id, "run echo quiet");
  await expect(page.getByRole("link", { name: /echo quiet/ })).toBeVisible();
  const loud = await makeSession(server, id, { title: "Told" });
  await send(server, loud.id, "question");
  await expect.poll(() => told(page)).toEqual([{ title: "Told", body: "Question: Choose a color" }]);
  await page.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("button", { name: "Turn on notifications" })).toBeVisible();
});

test("a browser that blocks them is told how to change that", async ({ signedIn: page, server }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Notification, "permission", { get: () => "denied" });
  });
  await page.goto(`${server.url}/settings`);
  await expect(page.getByText("Blocked by the browser.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Turn on notifications" })).toHaveCount(0);
});

test("the tab's icon and title say that something waits", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  const session = await makeSession(server, id);
  await send(server, session.id, "question text");
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(page).toHaveTitle(/^\(\d+\) /);
  await expect(page.locator("link[rel=icon]")).toHaveAttribute("href", "/favicon-waiting.svg");
  expect((await page.request.get(`${server.url}/favicon-waiting.svg`)).headers()["content-type"]).toContain(
    "svg",
  );
});
