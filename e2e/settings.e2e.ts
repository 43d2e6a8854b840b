import { expect, makeSandbox, makeSession, signIn, test, uniqueName } from "./fixtures.ts";

test("the theme is chosen, holds against the system's, and survives a reload", async ({
  signedIn: page,
  server,
}) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(`${server.url}/settings`);
  const theme = page.getByRole("radiogroup", { name: "Theme" });
  await theme.getByRole("radio", { name: "Light" }).click();
  const light = await background();
  await theme.getByRole("radio", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await expect(theme.getByRole("radio", { name: "Dark" })).toBeChecked();
  expect(await background()).toBe(dark);
  await theme.getByRole("radio", { name: "System" }).click();
  await expect.poll(background).toBe(light);
});

test("a token works as Bearer until it is revoked", async ({ signedIn: page, server }) => {
  const name = uniqueName("token");
  await page.goto(`${server.url}/settings`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText("Give it a name, to know it again.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Make token" }).click();
  const dialog = page.getByRole("dialog", { name: `Token ${name}` });
  const token = await dialog.getByRole("code").innerText();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toBeVisible();
  expect(await page.content()).not.toContain(token);

  const status = async () =>
    (await fetch(`${server.url}/api/v1/sandboxes`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status()).toBe(200);
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(0);
  await expect.poll(status).toBe(401);
});

test("a link for another browser signs it in; signing out leaves the other in", async ({
  signedIn: page,
  server,
  browser,
}) => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole("button", { name: "Make a link for another browser" }).click();
  const link = await page.getByRole("code").filter({ hasText: "/sign-in#" }).innerText();
  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await expect(other).not.toHaveURL(/sign-in/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto(`${server.url}/sandboxes`);
  await expect(page).toHaveURL(/\/sign-in$/);
  await other.reload();
  await expect(other.getByRole("navigation", { name: "Pages" })).toBeVisible();
  await other.context().close();
});

test("who is signed out elsewhere is led to the sign-in page", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/settings`);
  await expect(page.getByRole("heading", { name: "API tokens" })).toBeVisible();
  await page.context().clearCookies();
  // News of another client's token makes the page ask for the list.
  await server.api("POST", "/tokens", { name: uniqueName("news") });
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("about tells the versions and where the data is", async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/settings`);
  await expect(page.getByText(server.dataDir)).toBeVisible();
  await expect(page.getByText(process.version.slice(1)).first()).toBeVisible();
});

test("the command palette opens a session by a word of its title", async ({ signedIn: page, server }) => {
  const { id } = await makeSandbox(server);
  const title = uniqueName("Palette target");
  const session = await makeSession(server, id, { title });
  await page.goto(`${server.url}/settings`);
  await expect(page.getByRole("link", { name: title })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Search or run" });
  await palette.getByRole("combobox").fill(title);
  await expect(palette.getByRole("option", { name: title })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${server.url}/sessions/${session.id}`);
  await expect(palette).toBeHidden();
});

test("? lists the shortcuts, but is text where text is written", async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/secrets`);
  await expect(page.getByRole("heading", { name: "Secrets", exact: true })).toBeVisible();
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await page.getByRole("searchbox", { name: "Filter sessions" }).press("?");
  await expect(dialog).toBeHidden();
  await page.getByRole("main").press("?");
  await expect(dialog.getByText("Find in the transcript")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("an address that is no page leads back to the start", async ({ signedIn: page, server }) => {
  await makeSandbox(server);
  await page.goto(`${server.url}/no/such/page`);
  await expect(page.getByRole("heading", { name: "There is no page at this address" })).toBeVisible();
  await page.getByRole("link", { name: "Go to the start page" }).click();
  // The start is the inbox wherever there is a sandbox.
  await expect(page).toHaveURL(`${server.url}/inbox`);
  for (const path of ["/sandboxes/none", "/sessions/none", "/backends/none"]) {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByText(/There is no such (sandbox|session|backend)/)).toBeVisible();
  }
});
