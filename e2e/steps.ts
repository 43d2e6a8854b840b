import type { Locator, Page } from "@playwright/test";
import { expect, makeSession } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

/** Starts a session with the mock agent and opens its page. */
export async function openSession(
  page: Page,
  server: TestServer,
  sandbox_id: string,
  body: Record<string, unknown> = {},
): Promise<{ id: string; title: string }> {
  const session = await makeSession(server, sandbox_id, body);
  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(page.getByRole("log")).toBeVisible();
  return session;
}

/** The field that prompts are written in; found by its label, since a dialog may open over it at any time. */
export function composer(page: Page): Locator {
  return page.getByLabel("Message mock", { exact: true });
}

/** Writes a prompt and sends it with Enter. A dialog that is just going keeps the keys to itself until it is gone. */
export async function say(page: Page, prompt: string): Promise<void> {
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await composer(page).fill(prompt);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("");
}

/** Sends a prompt and waits until the agent is done with it. */
export async function sayAndWait(page: Page, server: TestServer, session_id: string, prompt: string) {
  const before = await turnsEnded(server, session_id);
  await say(page, prompt);
  await expect.poll(() => turnsEnded(server, session_id)).toBe(before + 1);
}

/** How many turns of a session are over. */
export async function turnsEnded(server: TestServer, session_id: string): Promise<number> {
  const { rows } = await server.api<{ rows: { kind: string }[] }>(
    "GET",
    `/sessions/${session_id}/transcript?limit=2000`,
  );
  return rows.filter(({ kind }) => kind === "turn_end").length;
}

/** Answers the permission that stands in a dialog, once it takes answers. */
export async function answerPermission(page: Page, answer: RegExp): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Permission required" });
  await dialog.getByRole("button", { name: answer }).click();
}

/** Picks an option of a select by its words. */
export async function choose(select: Locator, option: string): Promise<void> {
  await select.click();
  await select.page().getByRole("option", { name: option }).first().click();
}

/** Shows a tab of the session's panel; gives its content. */
export async function openPanel(page: Page, tab: string): Promise<Locator> {
  const panel = page.getByRole("complementary", { name: "Session panel" });
  // The button knows, also while the panel loads or a dialog closes over it.
  const toggle = page.getByRole("button", { name: "Session panel" });
  if ((await toggle.getAttribute("aria-pressed")) !== "true") await toggle.click();
  await panel.getByRole("tab", { name: tab }).click();
  return panel.getByRole("tabpanel", { name: tab });
}

/** Opens a line of the transcript that can be folded, however it stands; while a turn goes on, lines fold by themselves. */
export async function unfold(line: Locator): Promise<void> {
  await expect(async () => {
    if ((await line.getAttribute("aria-expanded")) === "false") await line.click();
    await expect(line).toHaveAttribute("aria-expanded", "true", { timeout: 1000 });
  }).toPass();
}
