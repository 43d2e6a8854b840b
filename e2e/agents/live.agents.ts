import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { describeTool } from "#src/transcript/tool-view.ts";
import { signIn } from "../fixtures.ts";
import { test } from "./fixtures.ts";
import { skipReason } from "./installed.ts";

test.beforeEach(({ agent }) => {
  const reason = skipReason(agent);
  test.skip(reason !== null, reason ?? undefined);
});

test("text and reasoning arrive as rows of their own, with the usage", async ({ talk }) => {
  const end = await talk.ask("script:text");
  expect(end).toMatchObject({ outcome: "completed", stop_reason: "end_turn", error: null });
  expect((await talk.last("user")).content).toEqual([{ type: "text", text: "script:text" }]);
  expect(await talk.text()).toBe("Hello from the **scripted** model.\n\n- one\n- two\n");

  await talk.ask("script:reasoning");
  expect((await talk.last("thinking")).text.trim()).toBe("First I weigh the question.");
  expect((await talk.last("text")).text).toBe("The answer is 42.");
  expect((await talk.view()).usage?.used).toBeGreaterThan(1000);
  expect(await talk.rows("unparsed")).toEqual([]);
});

test("a command runs after it was allowed once, and its row says what, where and who", async ({
  talk,
  stage,
}) => {
  const command = "touch once.txt && echo made";
  await talk.say(`script:run ${command}`);
  const request = await talk.permission();
  expect(request).toMatchObject({ title: command, directory: stage.directory });
  expect(request.options.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["allow_once", "allow_always", "reject_once"]),
  );
  expect((await talk.session()).state).toBe("waiting_for_input");
  expect(existsSync(join(stage.directory, "once.txt"))).toBe(false);
  await talk.answer("once");

  expect(await talk.ended(1)).toMatchObject({ outcome: "completed", stop_reason: "end_turn" });
  expect(existsSync(join(stage.directory, "once.txt"))).toBe(true);
  const tool = await talk.lastTool();
  expect(tool).toMatchObject({ kind: "execute", status: "completed", title: command });
  expect(describeTool(tool)).toMatchObject({ verb: "Run", subject: command, command });
  expect(tool.output.trim()).toBe("made");
  expect(tool.permissions).toMatchObject([
    { response: { reply: "once", approved: true, state: "answered" } },
  ]);
  expect(await talk.rows("permission")).toEqual([]);
  expect((await talk.last("text")).text).toBe("The command has ended.");
});

test("allowed always, the same command is not asked about again", async ({ talk }) => {
  await talk.say("script:run mkdir -p always");
  await talk.answer("always");
  await talk.ended(1);
  expect((await talk.lastTool()).permissions).toMatchObject([{ response: { reply: "always" } }]);

  expect(await talk.ask("script:run mkdir -p always")).toMatchObject({ outcome: "completed" });
  expect(await talk.lastTool()).toMatchObject({ status: "completed", permissions: [] });
  expect(await talk.rows("tool")).toHaveLength(2);
});

test("a rejected command does not run, and the next prompt works", async ({ talk, stage }) => {
  await talk.say("script:run touch rejected.txt");
  await talk.answer("reject");
  await talk.ended(1);
  expect(existsSync(join(stage.directory, "rejected.txt"))).toBe(false);
  const tool = await talk.lastTool();
  expect(tool.status).toBe("failed");
  expect(tool.permissions).toMatchObject([{ response: { reply: "reject", approved: false } }]);

  expect(await talk.ask("script:text")).toMatchObject({ outcome: "completed", stop_reason: "end_turn" });
});

test("an edit shows its diff before and after, and changes the file", async ({ talk, stage }) => {
  const path = join(stage.directory, "edited.txt");
  await writeFile(path, "alpha\n");
  await talk.say(`script:edit ${path} alpha beta`);
  const request = await talk.permission();
  expect(request.diffs.map(trimmed)).toEqual([{ path, old_text: "alpha", new_text: "beta" }]);
  expect(await readFile(path, "utf8")).toBe("alpha\n");
  await talk.answer("once");

  await talk.ended(1);
  expect(await readFile(path, "utf8")).toBe("beta\n");
  const tool = await talk.lastTool();
  expect(tool).toMatchObject({ kind: "edit", status: "completed" });
  expect(tool.diffs.map(trimmed)).toEqual([{ path, old_text: "alpha", new_text: "beta" }]);
  expect(describeTool(tool)).toMatchObject({ verb: "Edit", subject: path, added: 1, removed: 1 });
});

test("a failing command shows its exit code and what it wrote", async ({ talk }) => {
  await talk.say("script:run touch fails.txt; echo oops >&2; exit 3");
  await talk.answer("once");
  expect(await talk.ended(1)).toMatchObject({ outcome: "completed" });
  const tool = await talk.lastTool();
  expect(tool.exit_code).toBe(3);
  expect(tool.output.trim()).toBe("oops");
});

test("a turn is stopped in the middle of its text, and the next prompt works", async ({ talk }) => {
  await talk.say("script:long");
  await expect.poll(() => talk.text()).toContain("word-5");
  await talk.interrupt();
  expect(await talk.ended(1)).toMatchObject({ outcome: "completed", stop_reason: "cancelled" });
  const text = await talk.text();
  expect(text).not.toContain("word-599");
  expect((await talk.session()).stopping).toBe(false);

  expect(await talk.ask("script:text")).toMatchObject({ stop_reason: "end_turn" });
  expect(await talk.text()).toContain(text);
});

test("a turn is stopped while it waits for a permission, which then waits no longer", async ({
  talk,
  stage,
}) => {
  await talk.say("script:run touch stopped.txt");
  await talk.permission();
  await talk.interrupt();
  expect(await talk.ended(1)).toMatchObject({ stop_reason: "cancelled" });
  expect(await talk.pending()).toEqual([]);
  expect((await talk.lastTool()).status).toBe("failed");
  expect(existsSync(join(stage.directory, "stopped.txt"))).toBe(false);
  expect(await talk.ask("script:text")).toMatchObject({ stop_reason: "end_turn" });
});

test("another model is asked when the model is changed", async ({ talk, stage }) => {
  const model = (await talk.session()).options.find(({ category }) => category === "model");
  const other = model?.choices.findLast(({ value }) => value !== model.value);
  if (!model || !other) throw new Error("the agent offers no choice of models");
  await talk.ask("script:text");
  const before = stage.model.asked.at(-1)?.model;
  await stage.server.api("POST", `/sessions/${talk.id}/options`, { id: model.id, value: other.value });
  await talk.ask("script:text");
  expect(stage.model.asked.at(-1)?.model).not.toBe(before);
  const chosen = (await talk.view()).options.find(({ id }) => id === model.id);
  expect(chosen?.value).toBe(other.value);
});

test("another mode changes what the agent does unasked", async ({ talk, stage, agent }) => {
  test.skip(agent === "codex", "Codex offers no modes beside an approval policy of one's own");
  const mode = agent === "claude" ? "acceptEdits" : "trusting";
  await stage.server.api("POST", `/sessions/${talk.id}/options`, { id: "mode", value: mode });
  const path = join(stage.directory, "mode.txt");
  await writeFile(path, "alpha\n");
  expect(await talk.ask(`script:edit ${path} alpha beta`)).toMatchObject({ outcome: "completed" });
  expect(await talk.lastTool()).toMatchObject({ kind: "edit", status: "completed", permissions: [] });
  expect(await readFile(path, "utf8")).toBe("beta\n");
  expect((await talk.session()).options.find(({ id }) => id === "mode")?.value).toBe(mode);
});

test("on the page: a prompt, the permission's dialog, and the output on the card", async ({
  page,
  talk,
  stage,
  agent,
}) => {
  await signIn(page, stage.server);
  await page.goto(`${stage.server.url}/sessions/${talk.id}`);
  const composer = page.getByLabel(`Message ${agent}`);
  await composer.fill("script:run touch page.txt && echo seen-on-the-page");
  await composer.press("Enter");
  const dialog = page.getByRole("dialog", { name: /permission/i });
  await expect(dialog.getByText("touch page.txt && echo seen-on-the-page").first()).toBeVisible();
  await dialog.getByRole("button", { name: /once/i }).click();
  await expect(dialog).toBeHidden();
  const log = page.getByRole("log");
  await expect(log.getByText("The command has ended.")).toBeVisible();
  await expect(log.getByText("touch page.txt && echo seen-on-the-page").first()).toBeVisible();
});

test("after a restart of the server the agent remembers, and nothing shows twice", async ({
  talk,
  stage: { server, sandbox_id, model },
}) => {
  await talk.ask("script:text apricot");
  await talk.say("script:run touch kept.txt");
  await talk.answer("once");
  await talk.ended(2);
  const kinds = async () => [
    (await talk.rows("user")).length,
    (await talk.rows("tool")).length,
    (await talk.rows("text")).length,
  ];
  const before = await kinds();
  await server.stop();
  await server.start();
  expect(await kinds()).toEqual(before);
  await server.api("POST", `/sandboxes/${sandbox_id}/start`);

  expect(await talk.ask("script:recall")).toMatchObject({ outcome: "completed", stop_reason: "end_turn" });
  expect((await talk.last("text")).text).toBe("The first prompt was: text apricot");
  expect(model.asked.at(-1)?.prompts.at(0)).toContain("script:text apricot");
  expect(await kinds()).toEqual(before.map((count, at) => (at === 1 ? count : count + 1)));
});

/** Agents differ in whether a diff holds the line's end. */
function trimmed(diff: { path: string; old_text: string | null; new_text: string }) {
  return { path: diff.path, old_text: diff.old_text?.trim(), new_text: diff.new_text.trim() };
}
