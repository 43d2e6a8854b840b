import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, makeSandbox, makeSession, send, test as base, uniqueName } from "./fixtures.ts";
import type { TestServer } from "./server.ts";
import { answerPermission, choose, openSession, say, sayAndWait, turnsEnded, unfold } from "./steps.ts";

/** `folder` is an empty directory of the test's own. */
const test = base.extend<{ folder: string }>({
  folder: async ({}, provide) => {
    const folder = await mkdtemp(join(tmpdir(), "sandbar-e2e-files-"));
    await provide(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** Opens the create sheet and fills in the name. */
async function openCreateSheet(page: Page, server: TestServer, name: string): Promise<Locator> {
  await page.goto(`${server.url}/sandboxes?new`);
  const sheet = page.getByRole("dialog", { name: "New sandbox" });
  await sheet.getByLabel("Name", { exact: true }).fill(name);
  return sheet;
}

/** Sends the sheet's form and waits for the sandbox's page; gives the sandbox's id. */
async function create(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: "Create sandbox" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page).toHaveURL(/\/sandboxes\/[^/?]+$/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

async function createRunning(page: Page, name: string): Promise<string> {
  const id = await create(page, name);
  await expect(page.getByText("It is ready")).toBeVisible();
  return id;
}

/** A repository with a branch that holds one more file. */
async function makeRepository(folder: string): Promise<string> {
  const repository = join(folder, "notes");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: repository,
    });
  await mkdir(repository);
  git("init", "--quiet", "--initial-branch=main");
  await writeFile(join(repository, "readme.md"), "from the main branch\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  git("switch", "--quiet", "-c", "draft");
  await writeFile(join(repository, "draft.md"), "from the draft branch\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "second");
  git("switch", "--quiet", "main");
  return repository;
}

/** The transcript, with a line opened that shows what `title` did. */
async function opened(page: Page, title: RegExp): Promise<Locator> {
  const log = page.getByRole("log");
  const line = log.getByRole("button", { name: title });
  await unfold(line);
  return log;
}

test("an empty sandbox is made, with the name that the sheet suggests when none is typed", async ({
  signedIn: page,
  server,
}) => {
  const sheet = await openCreateSheet(page, server, "");
  const suggested = (await sheet.getByLabel("Name", { exact: true }).getAttribute("placeholder")) ?? "";
  expect(suggested).toMatch(/^sandbox-\d+$/);
  await createRunning(page, suggested);
  await page.getByRole("button", { name: /^Made in/ }).click();
  await expect(page.getByText("Start the sandbox")).toBeVisible();
});

test("a clone of a branch: the agent sees its files", async ({ signedIn: page, server, folder }) => {
  const repository = await makeRepository(folder);
  const name = uniqueName("clone");
  const sheet = await openCreateSheet(page, server, name);
  await sheet.getByRole("radio", { name: /Clone a repository/ }).click();
  await sheet.getByRole("textbox", { name: "Repository" }).fill(repository);
  await sheet.getByRole("textbox", { name: "Branch (optional)", exact: true }).fill("draft");
  const id = await createRunning(page, name);
  const session = await openSession(page, server, id);
  await sayAndWait(page, server, session.id, "ls");
  await expect((await opened(page, /^List \./)).getByText("draft.md")).toBeVisible();
  await sayAndWait(page, server, session.id, "read draft.md");
  await expect((await opened(page, /^Read draft\.md/)).getByText("from the draft branch")).toBeVisible();
});

test("a copy of a folder: the agent sees the files, and the original stays as it is", async ({
  signedIn: page,
  server,
  folder,
}) => {
  await writeFile(join(folder, "plan.txt"), "copied words\n");
  const name = uniqueName("copy");
  const sheet = await openCreateSheet(page, server, name);
  await sheet.getByRole("radio", { name: /Copy a local folder/ }).click();
  await sheet.getByRole("textbox", { name: "Folder" }).fill(folder);
  const id = await createRunning(page, name);
  const session = await openSession(page, server, id);
  await sayAndWait(page, server, session.id, "read plan.txt");
  await expect((await opened(page, /^Read plan\.txt/)).getByText("copied words")).toBeVisible();
  await say(page, "run rm plan.txt");
  await answerPermission(page, /Allow once/);
  await expect(page.getByRole("log").getByText("exit 0").last()).toBeVisible();
  expect(execFileSync("cat", [join(folder, "plan.txt")], { encoding: "utf8" })).toBe("copied words\n");
});

test("a clone that fails says so in a sentence", async ({ signedIn: page, server, folder }) => {
  const name = uniqueName("no-clone");
  const sheet = await openCreateSheet(page, server, name);
  await sheet.getByRole("radio", { name: /Clone a repository/ }).click();
  await sheet.getByRole("textbox", { name: "Repository" }).fill(join(folder, "missing"));
  await create(page, name);
  const banner = page.getByRole("alert").filter({ hasText: "It failed at “Clone the repository”." });
  await expect(banner).toContainText(`There is no repository at ${join(folder, "missing")}`);
  await expect(page.getByText("failed", { exact: true }).first()).toBeVisible();
});

test("a setup script that fails shows its output; run again when the cause is gone, it succeeds", async ({
  signedIn: page,
  server,
  folder,
}) => {
  const name = uniqueName("setup");
  const sheet = await openCreateSheet(page, server, name);
  await sheet
    .getByLabel(/^Setup script/)
    .fill(`echo looking for the key; test -f ${join(folder, "key")} || { echo key is missing >&2; exit 7; }`);
  await create(page, name);
  await expect(page.getByText("It failed at “Run the setup script”.")).toBeVisible();
  const output = page.getByLabel(`Output of ${name}`);
  await expect(output).toContainText("looking for the key");
  await expect(output).toContainText("key is missing");
  await writeFile(join(folder, "key"), "");
  await page.getByRole("button", { name: "Run the setup again" }).click();
  await expect(page.getByText("It is ready")).toBeVisible();
  await expect(page.getByText(/It failed/)).toHaveCount(0);
});

test("a name that is taken, or no name, is told at its field", async ({ signedIn: page, server }) => {
  const taken = await makeSandbox(server);
  const sheet = await openCreateSheet(page, server, taken.name);
  const name = sheet.getByLabel("Name", { exact: true });
  await sheet.getByRole("button", { name: "Create sandbox" }).click();
  await expect(name).toHaveAccessibleDescription(new RegExp(`${taken.name}|taken|exists`));
  await expect(name).toBeFocused();
  await name.fill("No Spaces");
  await sheet.getByRole("button", { name: "Create sandbox" }).click();
  await expect(name).toHaveAccessibleDescription(/lower-case|letters/i);
});

test("variables and secrets reach the agent's commands", async ({ signedIn: page, server }) => {
  const secret = uniqueName("E2E").replaceAll("-", "_");
  await server.api("POST", "/secrets", { name: secret, value: "kept-in-the-vault" });
  const name = uniqueName("env");
  const sheet = await openCreateSheet(page, server, name);
  await sheet.getByRole("button", { name: "Add variable" }).click();
  await sheet.getByLabel("Variable 1, name").fill("GREETING");
  await sheet.getByLabel("Variable 1, value").fill("hello from the sheet");
  await sheet.getByRole("button", { name: "Add secret" }).click();
  await choose(sheet.getByRole("combobox", { name: "Secret 1" }), secret);
  await sheet.getByLabel("Secret 1, variable").fill("DEPLOY_KEY");
  const id = await createRunning(page, name);
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText(`DEPLOY_KEY ← ${secret}`)).toBeVisible();
  await expect(page.getByText("hello from the sheet")).toHaveCount(0);
  await openSession(page, server, id);
  await say(page, 'run printenv GREETING; test "$DEPLOY_KEY" = kept-in-the-vault && echo secret arrived');
  await answerPermission(page, /Allow once/);
  const log = await opened(page, /printenv GREETING.*exit 0/);
  await expect(log.getByText("hello from the sheet")).toBeVisible();
  await expect(log.getByText(/^secret arrived$/m).last()).toBeVisible();
});

test("a stop warns of the turn that runs, and the sandbox starts again", async ({
  signedIn: page,
  server,
}) => {
  const { id, name } = await makeSandbox(server);
  const session = await makeSession(server, id, { title: "Busy with something" });
  await send(server, session.id, "sleep 60");
  await page.goto(`${server.url}/sandboxes/${id}`);
  await expect
    .poll(async () => (await server.api<{ state: string }>("GET", `/sessions/${session.id}`)).state)
    .toBe("processing");
  await page.getByRole("button", { name: "Stop sandbox" }).click();
  const confirm = page.getByRole("alertdialog", { name: `Stop ${name}?` });
  await expect(confirm).toContainText("1 running turn will be interrupted");
  await expect(confirm).toContainText("Busy with something");
  await expect(confirm.getByRole("button", { name: "Cancel" })).toBeFocused();
  await confirm.getByRole("button", { name: "Stop sandbox" }).click();
  await page.getByRole("button", { name: "Start sandbox" }).click();
  await expect(page.getByRole("button", { name: "Stop sandbox" })).toBeVisible();
});

test("a delete wants the name typed, and the history stays", async ({ signedIn: page, server }) => {
  const { id, name } = await makeSandbox(server);
  const session = await makeSession(server, id, { title: uniqueName("kept") });
  await send(server, session.id, "echo remembered words");
  await expect.poll(() => turnsEnded(server, session.id)).toBe(1);
  await page.goto(`${server.url}/sandboxes?q=${name}`);
  await page.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete sandbox…" }).click();
  const confirm = page.getByRole("alertdialog", { name: `Delete ${name}?` });
  const button = confirm.getByRole("button", { name: "Delete sandbox" });
  await confirm.getByRole("textbox").fill("another name");
  await expect(button).toBeDisabled();
  await confirm.getByRole("textbox").fill(name);
  await button.click();
  await expect(page.getByText("No sandbox matches")).toBeVisible();
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(page.getByRole("log").getByText("remembered words").last()).toBeVisible();
  await expect(page.getByText("The sandbox is terminated.")).toBeVisible();
});

test("filters stand in the address and as chips; what matches nothing says so", async ({
  signedIn: page,
  server,
}) => {
  const team = uniqueName("team");
  const { name } = await makeSandbox(server, { labels: { team } });
  const other = await makeSandbox(server);
  await page.goto(`${server.url}/sandboxes`);
  const table = page.getByRole("table", { name: "Sandboxes" });
  await expect(table.getByRole("link", { name: other.name, exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Label" }).click();
  await page.getByRole("menuitemcheckbox", { name: `team=${team}` }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(`${server.url}/sandboxes?label=team%3D${team}`);
  await expect(table.getByRole("row")).toHaveCount(2);
  await page.reload();
  await expect(table.getByRole("row")).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search sandboxes" }).fill(other.name);
  await expect(page.getByText("No sandbox matches")).toBeVisible();
  await page.getByRole("button", { name: `Remove filter Label: team=${team}` }).click();
  await expect(table.getByRole("link", { name: other.name, exact: true })).toBeVisible();
  await expect(table.getByRole("link", { name, exact: true })).toHaveCount(0);
});

test("what another client does shows by itself", async ({ signedIn: page, server }) => {
  await makeSandbox(server);
  await page.goto(`${server.url}/sandboxes`);
  const table = page.getByRole("table", { name: "Sandboxes" });
  await expect(table).toBeVisible();
  const { id, name } = await makeSandbox(server);
  const row = table.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  await expect(row).toContainText("running");
  await server.api("POST", `/sandboxes/${id}/stop`);
  await expect(row).toContainText("stopped");
  await server.api("DELETE", `/sandboxes/${id}`);
  await expect(row).toHaveCount(0);
});

test("labels and the automatic stop can be set, seen and changed", async ({ signedIn: page, server }) => {
  const name = uniqueName("labels");
  const sheet = await openCreateSheet(page, server, name);
  await sheet.getByLabel("Labels (optional)").fill("team=web, spike");
  await sheet.getByLabel("Stop after idle minutes (optional)").fill("45");
  await createRunning(page, name);
  await expect(page.getByText("stops after 45 idle minutes")).toBeVisible();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByRole("textbox", { name: "Labels" })).toHaveValue("team=web, spike");
  await page.getByLabel("Stop after idle minutes").fill("60");
  await page.getByRole("textbox", { name: "Labels" }).fill("team=web");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("stops after 60 idle minutes")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Labels" })).toHaveValue("team=web");
});
