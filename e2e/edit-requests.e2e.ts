import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, makeSandbox, signIn, test as base } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";
import { openSession, say } from "./steps.ts";

/** A server of its own: an inbox shows what every session waits for, those of other tests too. */
const test = base.extend<{ own: TestServer; box: { id: string } }>({
  own: async ({}, provide) => {
    const server = await startServer();
    await provide(server);
    await server.dispose();
  },
  box: async ({ own }, provide) => provide(await makeSandbox(own)),
});

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Permission required" });
const dock = (page: Page): Locator => page.getByRole("region", { name: "Waiting for you" });

test("an edit that only its input tells is shown as a change, everywhere it is asked for", async ({
  page,
  own: server,
  box,
}) => {
  await signIn(page, server);
  await openSession(page, server, box.id);
  await say(page, `multiedit notes.txt "one\\ntwo" "ONE\\ntwo\\nthree"`);
  const asked = dialog(page).getByRole("figure");
  await expect(asked).toContainText("notes.txt");
  await expect(asked).toContainText("+2 −1");
  await expect(asked.getByRole("row")).toContainText([/removed: one/, /added: ONE/, /two/, /added: three/]);
  await expect(dialog(page).getByText("old_string")).toHaveCount(0);
  await expectAccessible(page);

  await page.keyboard.press("Escape");
  await expect(dock(page)).toContainText(/notes\.txt \+2 −1/);
  await expect(page.getByRole("log").getByRole("button", { name: /Edit notes\.txt \+2 −1/ })).toBeVisible();

  await page.goto(`${server.url}/inbox`);
  await expect(
    page.getByRole("list", { name: "Waiting for you" }).getByRole("link", { name: /notes\.txt \+2 −1/ }),
  ).toBeVisible();
  const card = page.getByRole("region", { name: /edit: notes\.txt/ });
  await expect(card.getByRole("figure")).toContainText("+2 −1");
});
