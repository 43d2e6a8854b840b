import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { startServer, type TestServer } from "./server.ts";

/** `server` is one real server for all tests of a worker; `page` is signed in to it. */
export const test = base.extend<{ signedIn: Page }, { server: TestServer }>({
  server: [
    async ({}, provide) => {
      const server = await startServer();
      await provide(server);
      await server.dispose();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  signedIn: async ({ page, server }, provide) => {
    await signIn(page, server);
    await provide(page);
  },
});

export { expect };

/** Signs a page in with a fresh one-time link. */
export async function signIn(page: Page, server: TestServer): Promise<void> {
  const { link } = await server.api<{ link: string }>("POST", "/sign-in-links");
  await page.goto(link);
  await expect(page).not.toHaveURL(/sign-in/);
}

let counter = 0;
/** A name that no other test of this run uses. */
export function uniqueName(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid.toString(36)}-${counter}`;
}

/** Makes a running sandbox over the API. */
export async function makeSandbox(
  server: TestServer,
  body: Record<string, unknown> = {},
): Promise<{ id: string; name: string }> {
  const name = uniqueName("box");
  const made = await server.api<{ id: string; name: string }>("POST", "/sandboxes", {
    name,
    agent_provider: "mock",
    ...body,
  });
  await expect
    .poll(async () => (await server.api<{ state: string }>("GET", `/sandboxes/${made.id}`)).state)
    .toBe("running");
  return made;
}

/** Starts a session with the mock agent over the API. */
export async function makeSession(
  server: TestServer,
  sandbox_id: string,
  body: Record<string, unknown> = {},
) {
  return server.api<{ id: string; title: string }>("POST", `/sandboxes/${sandbox_id}/sessions`, {
    agent: "mock",
    ...body,
  });
}

/** Sends a prompt without waiting for its turn. */
export async function send(server: TestServer, session_id: string, message: string): Promise<void> {
  await server.api("POST", `/sessions/${session_id}/messages`, { message }, { prefer: "respond-async" });
}

/**
 * No accessibility violation on the page, in the theme it has, once nothing fades or slides any more; of all rules, or of
 * the named ones.
 */
export async function expectAccessible(page: Page, rules?: string[]): Promise<void> {
  await expect.poll(() => page.evaluate(movingParts)).toBe(0);
  const axe = new AxeBuilder({ page });
  const { violations } = await (
    rules ? axe.withRules(rules) : axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
  ).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }))).toEqual([]);
}

/** How many transitions and animations run that will end; a spinner will not. */
function movingParts(): number {
  return document
    .getAnimations()
    .filter(
      ({ playState, effect }) => playState === "running" && effect?.getComputedTiming().endTime !== Infinity,
    ).length;
}

/** Sets the page's theme as the settings do. */
export async function setTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
}
