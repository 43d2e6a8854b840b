import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import type { Session } from "#src/domain/session.ts";
import { describeTool } from "#src/transcript/tool-view.ts";
import { backendState } from "../connect.ts";
import { answerPermission, choose } from "../steps.ts";
import { conversationOf, startConversation } from "./conversation.ts";
import { skipReason } from "./installed.ts";
import { connectOtherClient } from "./other-client.ts";
import type { Profile } from "./profiles.ts";
import type { Asked } from "./script.ts";
import { type RemoteStage, test } from "./remote-fixtures.ts";

const NAMES: Record<Profile["id"], string> = { opencode: "OpenCode", claude: "Claude Code", codex: "Codex" };

test.beforeEach(({ agent }) => {
  const reason = skipReason(agent);
  test.skip(reason !== null, reason ?? undefined);
});

async function say(page: Page, agent: string, prompt: string): Promise<void> {
  const composer = page.getByLabel(`Message ${agent}`, { exact: true });
  await composer.fill(prompt);
  await composer.press("Enter");
  await expect(composer).toHaveValue("");
}

/** The session that Sandbar finds on the remote when it looks now. */
async function find({ server, backend_id, sandbox_id }: RemoteStage): Promise<Session> {
  const list = () => server.api<Session[]>("GET", `/sandboxes/${sandbox_id}/sessions`);
  const known = new Set((await list()).map(({ id }) => id));
  await server.api("POST", `/backends/${backend_id}/check`);
  const [found, ...more] = (await list()).filter(({ id }) => !known.has(id));
  expect(more).toEqual([]);
  if (!found) throw new Error("no session was found");
  return found;
}

test("a session from the page: an MCP server, a permission, a diff, another model and mode", async ({
  page,
  stage: { server, remote, model, sandbox_id },
  agent,
}) => {
  await page.goto(`${server.url}/sandboxes/${sandbox_id}?tab=agents`);
  const installed = page.getByRole("listitem").filter({ hasText: NAMES[agent] });
  await expect(installed).toContainText(/\d+\.\d+\.\d+/);

  await page.goto(`${server.url}/sandboxes/${sandbox_id}?new-session=${sandbox_id}`);
  const dialog = page.getByRole("dialog", { name: "New session" });
  await dialog.getByRole("radio", { name: NAMES[agent] }).click();
  await dialog.getByRole("button", { name: "More", exact: true }).click();
  const command = [process.execPath, join(import.meta.dirname, "mcp-server.mjs")];
  await dialog.getByLabel("MCP servers").fill(JSON.stringify({ notes: { type: "local", command } }));
  await dialog.getByLabel("First message").fill("script:run touch far.txt && echo seen-from-afar");
  await dialog.getByRole("button", { name: "Start session" }).click();
  await expect(page).toHaveURL(/\/sessions\//, { timeout: 60_000 });
  const talk = conversationOf(server, new URL(page.url()).pathname.split("/").at(-1) ?? "");

  expect(await talk.permission()).toMatchObject({ directory: remote.folder });
  expect(existsSync(join(remote.folder, "far.txt"))).toBe(false);
  await answerPermission(page, /once/i);
  await expect(page.getByRole("log").getByText("The command has ended.")).toBeVisible({ timeout: 30_000 });
  await talk.ended(1);
  expect(existsSync(join(remote.folder, "far.txt"))).toBe(true);
  expect((await talk.lastTool()).output.trim()).toBe("seen-from-afar");
  expect(model.asked.at(-1)?.tools.filter((tool) => tool.includes("notes"))).toHaveLength(1);

  await test.step("an edit shows its diff in the permission and on its row", async () => {
    const path = join(remote.folder, "edited.txt");
    await writeFile(path, "alpha\n");
    await say(page, agent, `script:edit ${path} alpha beta`);
    expect((await talk.permission()).diffs).toHaveLength(1);
    await answerPermission(page, /once/i);
    await talk.ended(2);
    expect(await readFile(path, "utf8")).toBe("beta\n");
    expect(describeTool(await talk.lastTool())).toMatchObject({
      verb: "Edit",
      subject: path,
      added: 1,
      removed: 1,
    });
    await expect(page.getByRole("log").getByText("+1").first()).toBeVisible();
  });

  await test.step("another model and mode reach the agent", async () => {
    const option = async (category: string) =>
      (await talk.session()).options.find((one) => one.category === category);
    const pick = async (category: string, wanted: (value: string) => boolean) => {
      const offered = await option(category);
      const choice = offered?.choices.findLast(({ value }) => wanted(value));
      if (!offered || !choice) throw new Error(`the agent offers no such ${category}`);
      await choose(page.getByRole("combobox", { name: offered.name, exact: true }), choice.name);
      await expect.poll(async () => (await option(category))?.value).toBe(choice.value);
    };
    const model_before = (await option("model"))?.value;
    const asked_before = model.asked.at(-1)?.model;
    await pick("model", (value) => value !== model_before);
    // Codex offers no modes beside an approval policy of one's own.
    const mode = { opencode: "trusting", claude: "acceptEdits", codex: null }[agent];
    if (mode !== null) await pick("mode", (value) => value === mode);

    const path = join(remote.folder, "unasked.txt");
    await writeFile(path, "alpha\n");
    await say(page, agent, mode === null ? "script:text" : `script:edit ${path} alpha beta`);
    await talk.ended(3);
    expect(model.asked.at(-1)?.model).not.toBe(asked_before);
    expect(await readFile(path, "utf8")).toBe(mode === null ? "alpha\n" : "beta\n");
  });
});

test("a session of another client is found, and opens with its history, nothing twice", async ({
  page,
  stage,
  agent,
}) => {
  test.skip(agent === "codex", "a process of Codex outlives its list, so its sessions are not looked for");
  const { server, remote } = stage;
  const other = await connectOtherClient(remote, agent);
  await other.prompt("script:text apricot");
  await other.prompt("script:run touch other.txt && echo from-the-other");
  const session = await find(stage);
  expect(session).toMatchObject({ agent, directory: remote.folder });
  const talk = conversationOf(server, session.id);
  const title = { opencode: "A scripted title", claude: "script:text apricot", codex: "" }[agent];
  const titleNow = async () => {
    const now = (await talk.session()).title;
    if (now !== title) await server.api("POST", `/backends/${stage.backend_id}/check`);
    return now;
  };
  // An agent names its session when it has time for it.
  await expect.poll(titleNow, { timeout: 30_000 }).toBe(title);

  await page.goto(`${server.url}/sessions/${session.id}`);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByRole("log").getByText("The command has ended.")).toBeVisible({ timeout: 30_000 });
  const prompts = async () => (await talk.rows("user")).map(({ content }) => content);
  const texts = async () => (await talk.rows("text")).map(({ text }) => text.trim());
  expect(await prompts()).toMatchObject([
    [{ text: "script:text apricot" }],
    [{ text: "script:run touch other.txt && echo from-the-other" }],
  ]);
  const hello = "Hello from the **scripted** model.\n\n- one\n- two";
  expect(await texts()).toEqual([hello, "I run it.", "The command has ended."]);
  expect((await talk.rows("tool")).map(({ tool }) => tool)).toMatchObject([
    { status: "completed", title: "touch other.txt && echo from-the-other", kind: "execute" },
  ]);
  expect((await talk.lastTool()).output.trim()).toBe("from-the-other");
  expect(await talk.rows("turn_end")).toMatchObject([
    { outcome: "completed", duration_ms: null },
    { outcome: "completed", duration_ms: null },
  ]);

  await test.step("it goes on here, and remembers what was said there", async () => {
    await say(page, agent, "script:recall");
    await talk.ended(3);
    const whole = [hello, "I run it.", "The command has ended.", "The first prompt was: text apricot"];
    expect(await texts()).toEqual(whole);
  });
  expect([...(await talk.rows("error")), ...(await talk.rows("unparsed"))]).toEqual([]);
  await other.close();
});

test("the remote is killed in the middle of a turn and comes back: said in words, and it goes on", async ({
  page,
  stage: { server, remote, model, sandbox_id, backend_id },
  agent,
}) => {
  const talk = await startConversation(server, sandbox_id, agent);
  await page.goto(`${server.url}/sessions/${talk.id}`);
  await say(page, agent, "script:text apricot");
  await talk.ended(1);
  await say(page, agent, "script:long");
  await expect.poll(() => talk.text(), { timeout: 30_000 }).toContain("word-5");
  await remote.kill();
  await expect(page.getByText("far cannot be reached.")).toBeVisible();
  await expect(page.getByText(/Nothing listens at .*Check that the server runs/)).toBeVisible();

  await remote.start();
  expect(await talk.ended(2)).toMatchObject({ outcome: "failed", code: "agent_gone" });
  await expect(page.getByRole("log").getByText(/it was restarted.*Send the prompt again/)).toBeVisible();
  await expect(page.getByText("far cannot be reached.")).toBeHidden({ timeout: 40_000 });
  const online = await page.context().newPage();
  await online.goto(`${server.url}/backends/${backend_id}`);
  await expect(backendState(online, "online")).toBeVisible();
  await online.close();

  await say(page, agent, "script:recall");
  expect(await talk.ended(3)).toMatchObject({ outcome: "completed", stop_reason: "end_turn" });
  expect((await talk.last("text")).text).toBe("The first prompt was: text apricot");
  expect(model.asked.at(-1)?.prompts.at(0)).toContain("script:text apricot");
  expect((await talk.rows("user")).length).toBe(3);
  expect([...(await talk.rows("error")), ...(await talk.rows("unparsed"))]).toEqual([]);
});

test(
  "what an agent says while Sandbar is away comes later, or its loss is told",
  { tag: "@long" },
  async ({ stage: { server, model, sandbox_id }, agent }) => {
    const talk = await startConversation(server, sandbox_id, agent);
    await talk.say("script:long 3000 4");
    await expect.poll(() => talk.text(), { timeout: 30_000 }).toContain("word-5");
    await server.stop();
    const isWhole = ({ prompts, tools }: Asked) =>
      tools.length > 0 && /script:long/.test(prompts.at(-1) ?? "");
    await expect.poll(() => model.answered.some(isWhole), { timeout: 60_000 }).toBe(true);
    await server.start();

    expect(await talk.ended(1)).toMatchObject({ outcome: "completed", stop_reason: "end_turn" });
    // How many messages an agent makes of it is its own affair; the server's ring holds the last 1,024 of them.
    const whole = Array.from({ length: 3000 }, (_, n) => `word-${n}`).join(" ");
    const lost = (await talk.rows("error")).map(({ code }) => code);
    expect(lost).toEqual((await talk.text()) === whole ? [] : ["messages_lost"]);
    expect(await talk.text()).toContain("word-2999");
    expect(await talk.ask("script:text")).toMatchObject({ outcome: "completed" });
  },
);
