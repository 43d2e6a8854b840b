import { once } from "node:events";
import { createServer } from "node:net";
import { type RealAgentServer, startRealAgentServer } from "../src/testing/real-agent-server.ts";
import { backendState, connectBackend, openConnectDialog } from "./connect.ts";
import { expect, test as base, uniqueName } from "./fixtures.ts";
import { layWire, type Wire } from "./network.ts";
import { answerPermission, say, sayAndWait, turnsEnded } from "./steps.ts";

/** `remote` is one real agent server of a worker; `wire` leads to it and can be cut. */
const test = base.extend<{ wire: Wire }, { remote: RealAgentServer }>({
  remote: [
    async ({}, provide) => {
      const remote = await startRealAgentServer();
      await provide(remote);
      await remote.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  wire: async ({ remote }, provide) => {
    const wire = await layWire(remote.url);
    await provide(wire);
    await wire.close();
  },
});

test("a probe finds out what answers, and what stands in the way", async ({
  signedIn: page,
  server,
  remote,
}) => {
  const dialog = await openConnectDialog(page, server);
  const find = dialog.getByRole("button", { name: "Find out what it is" });
  await find.click();
  await expect(dialog.getByText("Enter the address of the server")).toBeVisible();
  await dialog.getByLabel("Address").fill(remote.url);
  await dialog.getByLabel("Token (optional)").fill(remote.token);
  await find.click();
  await expect(dialog.getByText(/^Sandbox Agent, 0\.2 or newer, .*\d ms/)).toBeVisible();
  await expect(dialog.getByRole("combobox", { name: "Kind" })).toContainText("Sandbox Agent, 0.2 or newer");
  await dialog.getByRole("button", { name: "What was tried" }).click();
  await expect(dialog.getByRole("listitem").first()).toBeVisible();
});

test("a wrong token, a closed port, a metadata address and Sandbar's own are refused at their field", async ({
  signedIn: page,
  server,
  remote,
}) => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const address = closed.address();
  const port = typeof address === "object" && address ? address.port : 0;
  closed.close();
  await once(closed, "close");
  const dialog = await openConnectDialog(page, server);
  const cases: [url: string, token: string, field: string, words: RegExp][] = [
    [remote.url, "wrong", "Token (optional)", /token/i],
    [`http://127.0.0.1:${port}`, "", "Address", /Nothing listens/],
    ["http://169.254.169.254/latest", "", "Address", /metadata/i],
    [server.url, "", "Address", /own address/i],
    ["ftp://example.com", "", "Address", /http/i],
  ];
  for (const [url, token, field, words] of cases) {
    await dialog.getByLabel("Address").fill(url);
    await dialog.getByLabel("Token (optional)").fill(token);
    await dialog.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(dialog.getByLabel(field), url).toHaveAttribute("aria-invalid", "true");
    await expect(dialog.getByLabel(field), url).toHaveAccessibleDescription(words);
  }
});

test("a session runs on a connected backend, and outlives the backend's removal", async ({
  signedIn: page,
  server,
  wire,
  remote,
}) => {
  const name = uniqueName("remote");
  const id = await connectBackend(page, server, { url: wire.url, token: remote.token, name });
  await expect(backendState(page, "online")).toBeVisible();
  expect(await page.content()).not.toContain(remote.token);

  await page.goto(`${server.url}/sandboxes?backend=${id}`);
  await page
    .getByRole("table", { name: "Sandboxes" })
    .getByRole("row")
    .nth(1)
    .getByRole("link")
    .first()
    .click();
  // The page's own: that of the sidebar would offer any sandbox.
  await page
    .getByRole("main")
    .getByRole("link", { name: /New session|Start the first session/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Start session" }).click();
  await expect(page).toHaveURL(/\/sessions\//);
  const session_id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await say(page, "run echo on-the-other-side");
  await answerPermission(page, /Allow once/);
  await expect.poll(() => turnsEnded(server, session_id)).toBe(1);
  await expect(page.getByRole("button", { name: /on-the-other-side.*✓ exit 0/ })).toBeVisible();

  await test.step("cut off, it is offline and the others are not; mended, it is online", async () => {
    await wire.cut();
    await page.goto(`${server.url}/backends/${id}`);
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(backendState(page, "offline")).toBeVisible();
    await page.getByRole("link", { name: "Backends" }).first().click();
    const local = page.getByRole("row").filter({ hasText: "This machine" });
    await expect(local).toContainText("online");
    await wire.mend();
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(backendState(page, "online")).toBeVisible();
  });

  await test.step("the session goes on", async () => {
    await page.goto(`${server.url}/sessions/${session_id}`);
    await sayAndWait(page, server, session_id, "echo back again");
    await expect(page.getByRole("log").getByText("back again").last()).toBeVisible();
  });

  await test.step("paused and resumed", async () => {
    await page.goto(`${server.url}/backends/${id}`);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(backendState(page, "paused")).toBeVisible();
    await expect(page.getByRole("button", { name: "Check now" })).toBeDisabled();
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(backendState(page, "online")).toBeVisible();
    await page.goto(`${server.url}/sessions/${session_id}`);
    await sayAndWait(page, server, session_id, "echo after the pause");
    await expect(page.getByRole("log").getByText("after the pause").last()).toBeVisible();
  });

  await test.step("removed, its history stays", async () => {
    await page.goto(`${server.url}/backends/${id}`);
    await page.getByRole("button", { name: "Remove…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove backend" }).click();
    await expect(page).toHaveURL(/\/backends$/);
    await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
    await page.goto(`${server.url}/sessions/${session_id}`);
    await expect(page.getByRole("log").getByText("back again").last()).toBeVisible();
  });
});
