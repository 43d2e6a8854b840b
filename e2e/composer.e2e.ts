import type { Locator, Page } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, makeSandbox, makeSession, test as base, uniqueName } from "./fixtures.ts";
import type { TestServer } from "./server.ts";
import { composer, openSession, sayAndWait, turnsEnded } from "./steps.ts";

/** `sandbox` is shared by the tests of a worker: each has a session of its own in it. */
const test = base.extend<object, { sandbox: { id: string; name: string } }>({
  sandbox: [async ({ server }, provide) => provide(await makeSandbox(server)), { scope: "worker" }],
});

/** Three bars in three colours, 48 x 32 pixels. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAADAAAAAgCAMAAABjCgsuAAAACVBMVEU7gvYQuYH1ngu5TEwMAAAAH0lEQVR42mNgQAOMaIAJDTCMahjVMKphVMOohpGgAQAnLgYB6UZlXQAAAABJRU5ErkJggg==";

const log = (page: Page): Locator => page.getByRole("log");

/** Puts a file where the agents of a sandbox work. */
async function putFile(server: TestServer, sandbox_id: string, name: string, text: string): Promise<void> {
  const { directory } = await server.api<{ directory: string }>("GET", `/sandboxes/${sandbox_id}`);
  await writeFile(join(directory, name), text);
}

test("a draft survives a reload; a sent one does not", async ({ signedIn: page, server, sandbox }) => {
  await openSession(page, server, sandbox.id);
  await composer(page).fill("echo half a thought");
  await page.reload();
  await expect(composer(page)).toHaveValue("echo half a thought");
  await composer(page).press("Shift+Enter");
  await expect(composer(page)).toHaveValue("echo half a thought\n");
  await composer(page).press("Enter");
  await expect(log(page).getByText("half a thought").last()).toBeVisible();
  await page.reload();
  await expect(composer(page)).toHaveValue("");
});

test("what could not be sent stays in the field", async ({ signedIn: page, server, sandbox, context }) => {
  await openSession(page, server, sandbox.id);
  await composer(page).fill("echo not lost");
  await context.setOffline(true);
  await composer(page).press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "Perhaps not sent" })).toBeVisible();
  await expect(composer(page)).toHaveValue("echo not lost");
  await context.setOffline(false);
  await composer(page).press("Enter");
  await expect(log(page).getByText("not lost").last()).toBeVisible();
});

test("slash commands and files are offered while one types", async ({ signedIn: page, server, sandbox }) => {
  const file = `${uniqueName("mentioned")}.txt`;
  await putFile(server, sandbox.id, file, "mentioned words\n");
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "commands");
  await composer(page).pressSequentially("/pl");
  await expect(page.getByRole("listbox", { name: "Commands" }).getByRole("option")).toHaveCount(1);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue(/^\/plan\s?$/);
  await composer(page).fill("");
  await composer(page).pressSequentially("/");
  await composer(page).press("Escape");
  await expect(page.getByRole("listbox", { name: "Commands" })).toHaveCount(0);
  await composer(page).fill("");
  await composer(page).pressSequentially(`echo @${file.slice(0, 12)}`);
  await page.getByRole("listbox", { name: "Files" }).getByRole("option", { name: file }).click();
  await expect(composer(page)).toHaveValue(new RegExp(file));
  await composer(page).press("Enter");
  await expect(log(page).getByText(file).last()).toBeVisible();
});

test("an image is attached by paste, and can be taken off again", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await composer(page).focus();
  const paste = () =>
    composer(page).evaluate((field, data) => {
      const clipboardData = new DataTransfer();
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      clipboardData.items.add(new File([bytes], "bars.png", { type: "image/png" }));
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, png);
  const chips = page.getByRole("list", { name: "Attachments" }).getByRole("listitem");
  await paste();
  await expect(chips).toContainText(["bars.png"]);
  await chips.getByRole("button", { name: "Remove bars.png" }).click();
  await expect(chips).toHaveCount(0);
  await paste();
  await expect(chips).toHaveCount(1);
  await sayAndWait(page, server, session.id, "echo look at this");
  await expect(chips).toHaveCount(0);
  await expect(log(page).getByRole("img", { name: "Attachment" })).toBeVisible();
  await expect(log(page).getByText(/image: image\/png, \d+ bytes/)).toBeVisible();
});

test("text and files wait while another session is looked at; what was sent on leaving does not come back", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const other = await makeSession(server, sandbox.id, { title: uniqueName("the other one") });
  const session = await openSession(page, server, sandbox.id, { title: uniqueName("with a picture") });
  const goTo = async (title: string) => {
    await page.getByRole("region", { name: "Sessions" }).getByRole("link", { name: title }).click();
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
  };
  const chips = page.getByRole("list", { name: "Attachments" }).getByRole("listitem");
  await page.setInputFiles("input[type=file]", {
    name: "bars.png",
    mimeType: "image/png",
    buffer: Buffer.from(png, "base64"),
  });
  await composer(page).fill("echo with the picture");
  await expect(chips).toContainText(["bars.png"]);
  await goTo(other.title);
  await expect(composer(page)).toHaveValue("");
  await expect(chips).toHaveCount(0);
  await goTo(session.title);
  await expect(composer(page)).toHaveValue("echo with the picture");
  await expect(chips).toContainText(["bars.png"]);
  await composer(page).press("Enter");
  await goTo(other.title);
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await goTo(session.title);
  await expect(log(page).getByText("with the picture").last()).toBeVisible();
  await expect(composer(page)).toHaveValue("");
  await expect(chips).toHaveCount(0);
});

test("Up brings back what was sent, Down what was being written", async ({
  signedIn: page,
  server,
  sandbox,
}) => {
  const session = await openSession(page, server, sandbox.id);
  await sayAndWait(page, server, session.id, "echo one");
  await sayAndWait(page, server, session.id, "echo two");
  // What is gone through is what the page shows, which may be behind the server.
  await expect(log(page).getByRole("article").getByRole("paragraph")).toHaveText(["echo one", "echo two"]);
  await composer(page).press("ArrowUp");
  await expect(composer(page)).toHaveValue("echo two");
  await composer(page).press("ArrowUp");
  await expect(composer(page)).toHaveValue("echo one");
  await composer(page).press("ArrowDown");
  await composer(page).press("ArrowDown");
  await expect(composer(page)).toHaveValue("");
});
