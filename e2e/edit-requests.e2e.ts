import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, makeSandbox, signIn, test as base } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";
import { answerPermission, openPanel, openSession, say } from "./steps.ts";

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
  await say(page, `multiedit notes.txt "one\\ntwo" "ONE\\ntwo\\nthree" last least`);
  const asked = dialog(page).getByRole("figure");
  await expect(asked).toContainText("notes.txt");
  await expect(asked).toContainText("+3 −2");
  // Each part for itself, without a line number: nobody said where in the file they are.
  const rows = ["Change 1 of 2", "−removed: one", "+added: ONE", " two", "+added: three"];
  await expect(asked.getByRole("row")).toHaveText([
    ...rows,
    "Change 2 of 2",
    "−removed: last",
    "+added: least",
  ]);
  await expect(dialog(page).getByText("old_string")).toHaveCount(0);
  await expectAccessible(page);

  await page.keyboard.press("Escape");
  await expect(dock(page)).toContainText(/notes\.txt \+3 −2/);
  await expect(
    page.getByRole("log").getByRole("button", { name: /Edit .*notes\.txt.*\+3 −2/ }),
  ).toBeVisible();

  await page.goto(`${server.url}/inbox`);
  await expect(
    page.getByRole("list", { name: "Waiting for you" }).getByRole("link", { name: /notes\.txt \+3 −2/ }),
  ).toBeVisible();
  const card = page.getByRole("region", { name: /edit: notes\.txt/ });
  await expect(card.getByRole("figure")).toContainText("+3 −2");
});

test("a change of a whole file has its lines, in the request and in the list of changes", async ({
  page,
  own: server,
  box,
}) => {
  await signIn(page, server);
  await openSession(page, server, box.id);
  await say(page, 'write notes.txt "one\\ntwo\\n"');
  await expect(dialog(page).getByRole("figure")).toContainText("whole file");
  await expect(dialog(page).getByRole("row")).toHaveText(["1+added: one", "2+added: two"]);
  await answerPermission(page, /Allow once/);
  await say(page, "edit notes.txt two 2");
  await expect(dialog(page).getByRole("row")).toHaveText(["11 one", "2−removed: two", "2+added: 2"]);
  await answerPermission(page, /Allow once/);
  await say(page, "multiedit notes.txt one 1");
  await answerPermission(page, /Allow once/);
  const changes = await openPanel(page, "Changes");
  await changes.getByRole("button", { name: /notes\.txt/ }).click();
  // What the last call changed is a part of its own, and may have moved the lines of those before it.
  await expect(changes.getByRole("row")).toHaveText([
    "Change 1 of 2",
    "+added: one",
    "+added: 2",
    "Change 2 of 2",
    "−removed: one",
    "+added: 1",
  ]);
});
