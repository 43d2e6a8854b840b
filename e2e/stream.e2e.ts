import type { Page } from "@playwright/test";
import { expect, makeSandbox, makeSession, send, test } from "./fixtures.ts";
import { layWire, linkOver } from "./network.ts";

/** What a reader sees of the transcript, without the parts that tell the time. */
async function transcriptText(page: Page): Promise<string> {
  const text = await page.getByRole("log").innerText();
  return text
    .replaceAll(/\d+(\.\d+)? ?(ms|s|m|min)\b/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Shows every row of these tests: which rows a list keeps mounted beyond its view differs from tab to tab. */
const tall = { width: 1440, height: 2400 };

async function openSession(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole("log")).toBeVisible();
}

test("reload, a late tab and a cut network show what the tab that never dropped shows", async ({
  signedIn,
  server,
  browser,
}) => {
  const sandbox = await makeSandbox(server);
  const session = await makeSession(server, sandbox.id, { title: "One stream" });
  const steady = signedIn;
  await steady.setViewportSize(tall);
  await openSession(steady, `${server.url}/sessions/${session.id}`);

  // Another browser, whose way to the server can be cut.
  const wire = await layWire(server.url);
  const context = await browser.newContext({ viewport: tall });
  const cut = await context.newPage();
  await cut.goto(await linkOver(wire, server));
  await expect(cut).not.toHaveURL(/sign-in/);
  await openSession(cut, `${wire.url}/sessions/${session.id}`);

  await send(server, session.id, "long 600 10");
  await expect(cut.getByRole("log")).toContainText(" 25 ");
  await wire.cut();
  await expect(cut.getByText(/connection/i).first()).toBeVisible();
  await expect(steady.getByRole("log")).toContainText(" 200 ");
  await wire.mend();
  const late = await context.newPage();
  await openSession(late, `${wire.url}/sessions/${session.id}`);
  await late.reload();

  for (const page of [steady, cut, late]) {
    await page.bringToFront();
    await expect(page.getByRole("log")).toContainText("Done");
  }
  for (const page of [cut, late]) {
    await page.bringToFront();
    // Both are read at one time: the words for how long ago something was change with it.
    await expect(async () => {
      const [shown, expected] = await Promise.all([transcriptText(page), transcriptText(steady)]);
      expect(shown).toBe(expected);
    }).toPass();
  }
  await context.close();
  await wire.close();
});

test("a page that is opened while the network is cut comes when it is back", async ({ server, browser }) => {
  const wire = await layWire(server.url);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await linkOver(wire, server));
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("link", { name: "Settings" }).click();
  const settings = page.getByRole("heading", { name: "Settings", level: 1 });
  await expect(settings).toBeVisible();

  await wire.cut();
  await expect(page.getByText(/connection/i).first()).toBeVisible();
  const refused = page.waitForEvent("requestfailed", (request) => /secrets.*\.js$/.test(request.url()));
  await pages.getByRole("link", { name: "Secrets" }).click();
  await refused;
  await expect(settings).toBeVisible();
  await wire.mend();
  await expect(page.getByRole("heading", { name: "Secrets", level: 1 })).toBeVisible();
  await context.close();
  await wire.close();
});

test("seven tabs of one browser share one stream and all stay live", async ({
  signedIn,
  server,
  context,
}) => {
  const sandbox = await makeSandbox(server);
  const session = await makeSession(server, sandbox.id, { title: "Seven tabs" });
  const url = `${server.url}/sessions/${session.id}`;
  const pages = [signedIn];
  while (pages.length < 7) pages.push(await context.newPage());
  for (const page of pages) await openSession(page, url);
  await send(server, session.id, "echo everyone hears this");
  for (const page of pages) {
    await page.bringToFront();
    await expect(page.getByRole("log").getByText("everyone hears this").last()).toBeVisible();
  }
  // The tab that held the stream goes: another takes it over.
  await signedIn.close();
  await send(server, session.id, "echo still here");
  for (const page of pages.slice(1)) {
    await page.bringToFront();
    await expect(page.getByRole("log").getByText("still here").last()).toBeVisible();
  }
});
