import type { Locator, Page } from "@playwright/test";
import { type FakeSessionsApi, startFakeSessionsApi } from "../src/testing/fake-sessions-api.ts";
import { expect, send, signIn, test as base } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";

type Asked = { session_id: string; request_id: string };

/** A backend whose agents hear why they are refused, with two sessions that ask for a permission. */
const test = base.extend<{ own: TestServer; upstream: FakeSessionsApi; asked: [Asked, Asked] }>({
  own: async ({}, provide) => {
    const server = await startServer();
    await provide(server);
    await server.dispose();
  },
  upstream: async ({}, provide) => {
    const upstream = await startFakeSessionsApi({ style: "sandbar" });
    await provide(upstream);
    await upstream.close();
  },
  asked: async ({ own, upstream }, provide) => {
    const { id } = await own.api<{ id: string }>("POST", "/backends", {
      kind: "sessions_api",
      url: upstream.url,
    });
    const boxes = () => own.api<{ items: { id: string }[] }>("GET", `/sandboxes?backend=${id}&page=1`);
    await expect.poll(async () => (await boxes()).items.length).toBe(1);
    const [box] = (await boxes()).items;
    await provide([await ask(own, box!.id, "First"), await ask(own, box!.id, "Second")]);
  },
});

async function ask(server: TestServer, sandbox_id: string, title: string): Promise<Asked> {
  const session = await server.api<{ id: string }>("POST", `/sandboxes/${sandbox_id}/sessions`, { title });
  await send(server, session.id, "permission");
  const pending = async () =>
    (await server.api<{ items: { id: string }[] }>("GET", `/requests?session=${session.id}`)).items;
  await expect.poll(async () => (await pending()).length).toBe(1);
  const [request] = await pending();
  return { session_id: session.id, request_id: request!.id };
}

const reason = (shown: Locator): Locator => shown.getByRole("textbox", { name: /Message to the agent/ });
const card = (page: Page): Locator => page.getByRole("region", { name: /Bash: ls/ });

test("the reason of a rejection waits while another request is looked at, and goes with its answer", async ({
  page,
  own: server,
  asked: [first, second],
}) => {
  await signIn(page, server);
  await page.goto(`${server.url}/inbox/${first.request_id}`);
  await reason(card(page)).fill("Use the other folder");
  await page
    .getByRole("link", { name: /Second/ })
    .last()
    .click();
  await expect(page).toHaveURL(new RegExp(second.request_id));
  await expect(reason(card(page))).toHaveValue("");
  await reason(card(page)).fill("Not now");
  await page.goBack();
  await expect(reason(card(page))).toHaveValue("Use the other folder");
  await page.reload();
  await expect(reason(card(page))).toHaveValue("Use the other folder");

  // The session's own page has the same one.
  await page.goto(`${server.url}/sessions/${first.session_id}`);
  const dialog = page.getByRole("dialog", { name: "Permission required" });
  await expect(reason(dialog)).toHaveValue("Use the other folder");
  await dialog.getByRole("button", { name: /^Reject/ }).click();
  await expect(dialog).toBeHidden();
  const resolved = () =>
    server.api<{ items: { id: string; message: string | null }[] }>("GET", "/requests?recent=5");
  await expect
    .poll(async () => (await resolved()).items)
    .toMatchObject([{ id: first.request_id, message: "Use the other folder" }]);
  const kept = () =>
    page.evaluate(() =>
      Object.keys(sessionStorage)
        .map((key) => sessionStorage.getItem(key))
        .join(" "),
    );
  expect(await kept()).toContain("Not now");
  expect(await kept()).not.toContain("Use the other folder");
});
