import type { Page } from "@playwright/test";
import { expect, makeSandbox, test, uniqueName } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

/** A name as variables have them, used by no other test. */
const variableName = (prefix: string) => uniqueName(prefix).replaceAll("-", "_").toUpperCase();

async function openSecrets(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/secrets`);
  await expect(page.getByRole("heading", { name: "Secrets", exact: true })).toBeVisible();
}

/** Nowhere in the document, nor in what a field holds. */
async function expectNowhere(page: Page, value: string): Promise<void> {
  expect(await page.content()).not.toContain(value);
  const held = await page.evaluate(() =>
    [...document.querySelectorAll("input, textarea")].map((field) => ("value" in field ? field.value : "")),
  );
  expect(held).not.toContain(value);
}

test("a secret is kept, its value replaced, and never seen again", async ({ signedIn: page, server }) => {
  const name = variableName("KEPT");
  await openSecrets(page, server);
  await page.getByRole("button", { name: "New secret" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New secret" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Value", { exact: true }).fill("first-value-of-the-secret");
  await dialog.getByLabel("Description (optional)").fill("for the tests");
  await dialog.getByRole("button", { name: "Keep secret" }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("not used yet");
  await expect(dialog).toBeHidden();
  await expectNowhere(page, "first-value-of-the-secret");

  await row.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: /Edit or replace/ }).click();
  const edit = page.getByRole("dialog", { name: `Edit ${name}` });
  await expect(edit.getByLabel("New value")).toHaveValue("");
  await edit.getByLabel("New value").fill("second-value-of-the-secret");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`The value of ${name} was replaced`)).toBeVisible();
  await expect(edit).toBeHidden();
  await expectNowhere(page, "second-value-of-the-secret");
  await page.reload();
  await expect(row).toBeVisible();
  await expectNowhere(page, "second-value-of-the-secret");
});

test("a name that is taken is told at its field", async ({ signedIn: page, server }) => {
  const name = variableName("TAKEN");
  await server.api("POST", "/secrets", { name, value: "x" });
  await openSecrets(page, server);
  await page.getByRole("button", { name: "New secret" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New secret" });
  await dialog.getByRole("button", { name: "Keep secret" }).click();
  await expect(dialog.getByText("Enter the value to keep")).toBeVisible();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Value", { exact: true }).fill("another");
  await dialog.getByRole("button", { name: "Keep secret" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/exists|taken|already/);
});

test("a delete names the sandboxes that use it", async ({ signedIn: page, server }) => {
  const name = variableName("USED");
  await server.api("POST", "/secrets", { name, value: "x" });
  const sandbox = await makeSandbox(server, { secret_env_vars: { API_KEY: name } });
  await openSecrets(page, server);
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row.getByRole("link", { name: sandbox.name })).toBeVisible();
  await expect(row).toContainText("as API_KEY");
  await row.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const confirm = page.getByRole("alertdialog", { name: `Delete ${name}?` });
  await expect(confirm).toContainText(`${sandbox.name} uses it.`);
  await confirm.getByRole("button", { name: "Delete secret" }).click();
  await expect(row).toHaveCount(0);
});

test("a pasted .env becomes secrets, with a result for each name", async ({ signedIn: page, server }) => {
  const [fresh, old, empty] = [variableName("FRESH"), variableName("OLD"), variableName("EMPTY")];
  await server.api("POST", "/secrets", { name: old, value: "x" });
  await openSecrets(page, server);
  await page.getByRole("button", { name: "Import .env" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Import .env" });
  await dialog
    .getByLabel("Text")
    .fill(
      `# a comment\nexport ${fresh}="pasted-fresh-value"\n${old}=pasted-old-value\n${empty}=\nnot a line`,
    );
  const preview = dialog.getByRole("region", { name: "What will be kept" });
  await expect(preview.getByRole("listitem").filter({ hasText: fresh })).toContainText("new");
  await expect(preview.getByRole("listitem").filter({ hasText: old })).toContainText("replaces");
  await expect(preview.getByRole("listitem").filter({ hasText: empty })).toContainText("empty");
  await expect(preview).toContainText("Line 5:");
  await expect(preview).not.toContainText("pasted-fresh-value");
  await dialog.getByRole("button", { name: "Keep 2 secrets" }).click();
  const results = dialog.getByRole("list", { name: "Results" });
  await expect(results.getByRole("listitem").filter({ hasText: fresh })).toContainText("kept");
  await expect(results.getByRole("listitem").filter({ hasText: old })).toContainText("value replaced");
  await expectNowhere(page, "pasted-fresh-value");
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByRole("row").filter({ hasText: fresh })).toBeVisible();
});

test("a provider credential is kept and deleted, its value never seen", async ({
  signedIn: page,
  server,
}) => {
  const name = uniqueName("work key");
  await openSecrets(page, server);
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New provider credential" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Value", { exact: true }).fill("sk-value-of-the-credential");
  await dialog.getByRole("button", { name: "Keep credential" }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Claude");
  await expect(row).toContainText("API key");
  await expect(dialog).toBeHidden();
  await expectNowhere(page, "sk-value-of-the-credential");
  await row.getByRole("button", { name: `Delete ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete credential" }).click();
  await expect(row).toHaveCount(0);
});
