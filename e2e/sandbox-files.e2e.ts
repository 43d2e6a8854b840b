import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, makeSandbox, setTheme, test } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A sandbox with a few files of every sort, and its Files tab. */
async function openFiles(page: Page, server: TestServer): Promise<{ id: string; name: string }> {
  const sandbox = await makeSandbox(server, {
    setup_script: [
      "mkdir -p src/deep docs",
      "echo 'export const answer = 42;' > src/main.ts",
      `echo ${PIXEL} | base64 -d > dot.png`,
      "printf '\\000\\001\\002' > raw.bin",
      "head -c 1100000 /dev/zero > huge.txt",
    ].join("\n"),
  });
  await page.goto(`${server.url}/sandboxes/${sandbox.id}`);
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("table", { name: "Files" })).toBeVisible();
  return sandbox;
}

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const crumbs = (page: Page) => page.getByRole("navigation", { name: "Folders" });

async function run(page: Page, command: string): Promise<void> {
  const field = page.getByLabel("Command", { exact: true });
  await field.fill(command);
  await field.press("Enter");
}

test("folders are walked by keys, and every step is an address", async ({ signedIn: page, server }) => {
  const sandbox = await openFiles(page, server);
  await expect(row(page, "dot.png")).toContainText("70 B");
  await page.getByRole("link", { name: "Folder src" }).press("Enter");
  await expect(crumbs(page).getByText("src")).toBeFocused();
  await page.getByRole("link", { name: "File main.ts" }).click();
  await expect(page.getByText("export const answer = 42;")).toBeVisible();
  await expect(page).toHaveURL(/tab=files&folder=src&file=src%2Fmain\.ts/);
  await page.reload();
  await expect(page.getByText("export const answer = 42;")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("link", { name: "Folder deep" })).toBeVisible();
  await page.getByRole("link", { name: "Folder deep" }).click();
  await expect(page.getByText("Nothing is in here")).toBeVisible();
  await crumbs(page).getByRole("link", { name: sandbox.name }).click();
  await expect(page.getByRole("link", { name: "Folder docs" })).toBeVisible();
});

test("an image shows from its bytes, what is no text or too large only downloads", async ({
  signedIn: page,
  server,
}) => {
  await openFiles(page, server);
  await page.getByRole("link", { name: "File dot.png" }).click();
  const image = page.getByRole("img", { name: "dot.png" });
  await expect(image).toHaveAttribute("src", /^blob:/);
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
  await page.goBack();
  await page.getByRole("link", { name: "File huge.txt" }).click();
  await expect(page.getByText("It is too large to be shown")).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "File raw.bin" }).click();
  await expect(page.getByText("It is not text")).toBeVisible();
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("raw.bin");
  expect([...(await readFile(await download.path()))]).toEqual([0, 1, 2]);
});

test("files are uploaded into the open folder, replaced after a question, and deleted", async ({
  signedIn: page,
  server,
}) => {
  const { id } = await openFiles(page, server);
  await page.getByRole("link", { name: "Folder docs" }).click();
  const choose = page.getByLabel("Files to upload");
  const upload = (text: string) =>
    choose.setInputFiles({ name: "notes & 100%.md", mimeType: "text/markdown", buffer: Buffer.from(text) });
  const kept = async () =>
    (
      await server.request("GET", `/sandboxes/${id}/files/docs/${encodeURIComponent("notes & 100%.md")}`)
    ).text();
  await upload("first");
  await expect(row(page, "notes & 100%.md")).toContainText("5 B");
  expect(await kept()).toBe("first");

  await upload("second");
  const replace = page.getByRole("alertdialog", { name: "Replace notes & 100%.md?" });
  await replace.getByRole("button", { name: "Cancel" }).click();
  await expect(replace).toBeHidden();
  expect(await kept()).toBe("first");
  await upload("second");
  await replace.getByRole("button", { name: "Replace" }).click();
  await expect(row(page, "notes & 100%.md")).toContainText("6 B");

  const drop = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "dropped.txt"));
    return data;
  });
  await page.getByRole("table", { name: "Files" }).dispatchEvent("drop", { dataTransfer: drop });
  await expect(row(page, "dropped.txt")).toBeVisible();

  await page.getByRole("button", { name: "Delete dropped.txt" }).click();
  await page
    .getByRole("alertdialog", { name: "Delete dropped.txt?" })
    .getByRole("button", { name: "Delete file" })
    .click();
  await expect(row(page, "dropped.txt")).toHaveCount(0);
  expect((await server.request("GET", `/sandboxes/${id}/files/docs/dropped.txt`)).status).toBe(404);
});

test("a command runs in the open folder, tells how it ended, and what it made shows", async ({
  signedIn: page,
  server,
}) => {
  await openFiles(page, server);
  await page.getByRole("link", { name: "Folder docs" }).click();
  await expect(page.getByLabel("In folder")).toHaveValue("docs");
  await run(page, "pwd; touch made.txt; echo trouble >&2; exit 3");
  const log = page.getByRole("log", { name: "Commands that ran" });
  await expect(log.getByText("exit 3", { exact: true })).toBeVisible();
  await expect(log.getByLabel("Output", { exact: true })).toContainText("/files/docs");
  await expect(log.getByLabel("Errors and messages")).toHaveText("trouble");
  await expect(row(page, "made.txt")).toBeVisible();

  await run(page, "sleep 60");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(log.getByText("It was stopped.")).toBeVisible();
});

test("a stopped sandbox still shows its files, and runs no commands", async ({ signedIn: page, server }) => {
  const { id } = await openFiles(page, server);
  await server.api("POST", `/sandboxes/${id}/stop`);
  await expect(page.getByText("Start the sandbox to run commands in it.")).toBeVisible();
  await page.getByRole("link", { name: "Folder src" }).click();
  await expect(page.getByRole("link", { name: "File main.ts" })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`the files are accessible in the ${theme} theme, also on a phone`, async ({
    signedIn: page,
    server,
  }) => {
    await setTheme(page, theme);
    await openFiles(page, server);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    await page.getByRole("link", { name: "Folder src" }).click();
    await page.getByRole("link", { name: "File main.ts" }).click();
    await expect(page.getByText("export const answer = 42;")).toBeVisible();
    await run(page, "echo done; exit 1");
    await expect(page.getByText("exit 1", { exact: true })).toBeVisible();
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

test("folders are made and files renamed and moved by keys, and no name is taken from another", async ({
  signedIn: page,
  server,
}) => {
  await openFiles(page, server);
  await page.getByRole("button", { name: "New folder" }).press("Enter");
  const making = page.getByRole("dialog", { name: "New folder" });
  await expect(making.getByRole("textbox", { name: "Name" })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(making.getByRole("alert")).toHaveText("Enter a name.");
  await page.keyboard.type("docs");
  await page.keyboard.press("Enter");
  await expect(making.getByRole("alert")).toContainText("docs is there already");
  await page.keyboard.type("-old");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Folder docs-old" })).toBeVisible();
  await expect(page.getByRole("button", { name: "New folder" })).toBeFocused();

  await page.getByRole("button", { name: "Rename raw.bin" }).press("Enter");
  const renaming = page.getByRole("dialog", { name: "Rename raw.bin" });
  // What is typed takes the place of the name; its ending stays.
  await page.keyboard.type("dot");
  await expect(renaming.getByRole("textbox", { name: "Name" })).toHaveValue("dot.bin");
  await page.keyboard.press("Enter");
  await expect(renaming).toBeHidden();
  await expect(page.getByRole("link", { name: "File dot.bin" })).toBeFocused();

  await page.getByRole("button", { name: "Rename dot.bin" }).click();
  const name = page.getByRole("dialog").getByRole("textbox", { name: "Name" });
  await name.fill("src/main.ts");
  await name.press("Enter");
  // This folder's list does not tell what is in the other: the server does.
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("src/main.ts is there already");
  await name.fill("src/deep/dot.bin");
  await name.press("Enter");
  await expect(page.getByRole("link", { name: "File dot.bin" })).toHaveCount(0);

  await page.getByRole("link", { name: "Folder src" }).click();
  await page.getByRole("link", { name: "File main.ts" }).click();
  await page.getByRole("button", { name: "Rename…" }).click();
  await name.fill("../docs/answer.ts");
  await name.press("Enter");
  await expect(crumbs(page).getByText("answer.ts")).toBeFocused();
  await expect(page).toHaveURL(/folder=docs&file=docs%2Fanswer\.ts/);
  await expect(page.getByText("export const answer = 42;")).toBeVisible();
});
