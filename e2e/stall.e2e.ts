import { expect, expectAccessible, makeSandbox, makeSession, send, setTheme, test } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

/** Has a command run that prints nothing, for as long as a test may last. */
async function runQuietly(server: TestServer, sandbox_id: string): Promise<string> {
  const session = await makeSession(server, sandbox_id, { title: "Silent build" });
  await send(server, session.id, "run sleep 300");
  const pending = async () =>
    (await server.api<{ items: { id: string }[] }>("GET", `/requests?session=${session.id}`)).items;
  await expect.poll(async () => (await pending()).length).toBe(1);
  const [request] = await pending();
  await server.api("POST", `/sessions/${session.id}/permissions/${request!.id}/respond`, { reply: "once" });
  return session.id;
}

test("a turn that says nothing for minutes says so, in its page and in the list, and can be stopped", async ({
  signedIn: page,
  server,
}) => {
  const { id } = await makeSandbox(server);
  await page.clock.install();
  const session_id = await runQuietly(server, id);
  await page.goto(`${server.url}/sessions/${session_id}`);
  await expect(page.getByRole("log").getByText("sleep 300").first()).toBeVisible();
  const notice = page.getByRole("region", { name: "Silent turn" });
  const row = page.getByRole("region", { name: "Sessions" }).getByRole("link", { name: /Silent build/ });

  // The clock goes on beside: a slow machine adds a minute or two of its own.
  await page.clock.fastForward("02:00");
  await expect(row).toContainText(/[234]m \d\ds/);
  await expect(notice).toHaveCount(0);

  await page.clock.fastForward("05:00");
  await expect(notice).toContainText(/No event for [789] min; last: sleep 300 still running/);
  await expect(row).toContainText(/silent [789] min/);
  await setTheme(page, "dark");
  await expectAccessible(page);

  await notice.getByRole("button", { name: "Stop" }).click();
  await expect(notice).toHaveCount(0);
  await expect(row).not.toContainText("silent");
});

test("a turn that waits for a person does not stall", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  await page.clock.install();
  const session = await makeSession(server, id, { title: "Waits for long" });
  await send(server, session.id, "question");
  await page.goto(`${server.url}/sessions/${session.id}`);
  const dialog = page.getByRole("dialog", { name: "Choose a color" });
  await expect(dialog).toBeVisible();
  await page.clock.fastForward("20:00");
  await expect(dialog).toContainText(/2\d min ago/);
  await expect(page.getByText(/No event for/)).toHaveCount(0);
  await expect(page.getByText(/^silent/)).toHaveCount(0);
});
