import { expect, test } from "./fixtures.ts";
import { startServer, type TestServer } from "./server.ts";

test.describe("the whole job, from an empty page", () => {
  let server: TestServer;
  test.beforeEach(async () => {
    server = await startServer();
  });
  test.afterEach(() => server.dispose());

  test("make a sandbox, run a session, answer, stop, end, restart and find everything again", async ({
    page,
  }) => {
    await page.goto(server.signInLink);
    await page.getByRole("button", { name: /start a sandbox on this machine/i }).click();
    await page.getByRole("link", { name: "Start the first session" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await dialog.getByRole("button", { name: /start session/i }).click();
    await expect(page).toHaveURL(/\/sessions\//);
    const log = page.getByRole("log");
    const composer = page.getByLabel("Message mock");

    await test.step("a prompt is answered on the screen", async () => {
      await composer.fill("echo hello there");
      await composer.press("Enter");
      await expect(log.getByText("hello there").last()).toBeVisible();
      await expect(log.getByText("Done").first()).toBeVisible();
      await expect(composer).toHaveValue("");
    });

    await test.step("a permission opens a dialog; Enter allows it once, after the grace", async () => {
      await composer.fill("run echo real-output > proof.txt; cat proof.txt");
      await composer.press("Enter");
      const permission = page.getByRole("dialog", { name: "Permission required" });
      await expect(permission).toBeVisible();
      await expect(permission.getByText("echo real-output > proof.txt; cat proof.txt").first()).toBeVisible();
      await expect(page.getByRole("button", { name: /reject/i }).first()).not.toBeFocused();
      await expect(permission.getByRole("button", { name: /allow once/i })).toBeEnabled();
      await page.keyboard.press("Enter");
      await expect(permission).toBeHidden();
      await expect(log.getByText("real-output").last()).toBeVisible();
    });

    await test.step("a question is answered", async () => {
      await composer.fill("question");
      await composer.press("Enter");
      const first = page.getByRole("dialog", { name: "Choose a color" });
      await first.getByRole("radio", { name: "Red" }).click();
      await first.getByRole("button", { name: /send answer/i }).click();
      await expect(first).toBeHidden();
      const second = page.getByRole("dialog");
      await second.getByRole("radio", { name: "Yes" }).click();
      await second.getByRole("button", { name: /send answer/i }).click();
      await expect(page.getByRole("dialog")).toBeHidden();
    });

    await test.step("a turn is stopped", async () => {
      await composer.fill("sleep 60");
      await composer.press("Enter");
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await expect(log.getByText(/stopped|cancelled/i).last()).toBeVisible();
    });

    await test.step("the session ends, and says so", async () => {
      await page.getByRole("button", { name: "Session actions" }).click();
      await page.getByRole("menuitem", { name: /end session/i }).click();
      await page
        .getByRole("alertdialog")
        .getByRole("button", { name: /end session/i })
        .click();
      await expect(page.getByText("This session has ended.")).toBeVisible();
    });

    const sessionUrl = page.url();
    await test.step("a restart keeps everything", async () => {
      await server.stop();
      await server.start();
      await page.goto(sessionUrl);
      await expect(log.getByText("real-output").last()).toBeVisible();
    });

    await test.step("the sandbox starts, stops and is deleted with its name typed", async () => {
      await page.goto(`${server.url}/sandboxes`);
      const link = page.getByRole("table").getByRole("link").first();
      const name = await link.innerText();
      await link.click();
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      await page.getByRole("button", { name: "Start sandbox" }).click();
      await expect(page.getByRole("button", { name: "Stop sandbox" })).toBeVisible();
      await page.getByRole("button", { name: "Stop sandbox" }).click();
      await expect(page.getByRole("button", { name: "Start sandbox" })).toBeVisible();
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: /delete/i }).click();
      const confirm = page.getByRole("alertdialog");
      await expect(confirm.getByRole("button", { name: /delete/i })).toBeDisabled();
      await confirm.getByRole("textbox").fill(name);
      await confirm.getByRole("button", { name: /delete/i }).click();
      await expect(page).toHaveURL(/\/sandboxes$/);
      await expect(page.getByRole("heading", { name: "Start here" })).toBeVisible();
    });
  });
});
