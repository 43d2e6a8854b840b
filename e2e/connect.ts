import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

/** Opens the form that connects a backend. */
export async function openConnectDialog(page: Page, server: TestServer): Promise<Locator> {
  await page.goto(`${server.url}/backends?new`);
  return page.getByRole("dialog", { name: "Connect a backend" });
}

/** Connects a backend by the form and gives its id. */
export async function connectBackend(
  page: Page,
  server: TestServer,
  { url, token, name }: { url: string; token: string; name: string },
): Promise<string> {
  const dialog = await openConnectDialog(page, server);
  await dialog.getByLabel("Address").fill(url);
  await dialog.getByLabel("Token (optional)").fill(token);
  await dialog.getByLabel("Name (optional)").fill(name);
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page).toHaveURL(/\/backends\/[^/?]+$/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** A backend's state on its page. */
export const backendState = (page: Page, word: string): Locator =>
  page.getByRole("main").getByText(word, { exact: true }).first();
