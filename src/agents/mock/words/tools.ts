import { join } from "node:path";
import type { ToolKind } from "@agentclientprotocol/sdk";
import { numberArgument, takeArgument } from "../prompt.ts";
import { textContent, type Turn } from "../turn.ts";
import type { Script, Word } from "../word.ts";

const CHUNK_CHARACTERS = 65_536;
const LINE_CHARACTERS = 64;
const MEGABYTE = 1_048_576;

/** A call whose fields arrive one update at a time, as real agents send them, and which fails in the end. */
export const tool: Script = async (turn) => {
  const folder = join(turn.session.workspace.root, `mock_${turn.number}`);
  const call = await turn.startTool({ title: "search", name: "mock.search", kind: "search", rawInput: {} });
  await call.update({ status: "in_progress", title: 'Search for "example"', rawInput: { query: "example" } });
  const locations = [
    { path: join(folder, "readme.md") },
    { path: join(folder, "output.txt") },
    { path: join(folder, "patch.txt"), line: 1 },
  ];
  await call.update({ locations });
  await call.update({
    locations,
    content: [
      ...textContent("mock search results"),
      { type: "diff", path: join(folder, "output.txt"), oldText: null, newText: "mock output\n" },
      { type: "diff", path: join(folder, "patch.txt"), oldText: "old\n", newText: "new\n" },
    ],
  });
  await call.update({ status: "failed", rawOutput: { error: "mock failure" } });
};

export const status: Script = async (turn) => {
  const call = await turn.startTool({ title: "Indexing", kind: "other", content: textContent("2 files") });
  await call.update({ status: "in_progress" });
  await call.complete({ content: textContent("Done") });
};

const burst: Script = async (turn, { rest }) => {
  const kinds: ToolKind[] = ["read", "search", "execute", "edit", "fetch"];
  const total = numberArgument(takeArgument(rest).argument, 10, 1_000_000);
  for (let n = 1; n <= total; n += 1) {
    const call = await turn.startTool({
      title: `Step ${n} of ${total}`,
      kind: kinds[n % kinds.length],
      rawInput: { step: n },
    });
    await call.complete({ content: textContent(`Result of step ${n}`) });
  }
};

const subagent: Script = async (turn) => {
  const parent = await turn.startTool({
    title: "Explore the folder",
    name: "task",
    kind: "think",
    rawInput: { task: "explore" },
  });
  await parent.update({ status: "in_progress" });
  for (const [title, kind] of [
    ["Read readme.md", "read"],
    ["Search for TODO", "search"],
  ] as const) {
    const child = await turn.startTool({ title, kind, _meta: { parentToolCallId: parent.id } });
    await child.update({ status: "in_progress" });
    await child.complete({ content: textContent(`${title}: nothing special`) });
  }
  await parent.complete({ content: textContent("The folder holds nothing special.") });
  await turn.say("The sub-agent found nothing special.");
};

/**
 * A call that prints N megabytes: every update shows the next chunk in place of the last one, and the final update
 * carries all of it, as one content block per chunk.
 */
const big: Script = async (turn, { rest }) => {
  const megabytes = numberArgument(takeArgument(rest).argument, 5, 64);
  const chunks = Array.from({ length: Math.ceil((megabytes * MEGABYTE) / CHUNK_CHARACTERS) }, (_, n) =>
    bigChunk(n),
  );
  const call = await turn.startTool({
    title: `Print ${megabytes} MB`,
    kind: "execute",
    rawInput: { megabytes },
  });
  for (const chunk of chunks) await call.update({ status: "in_progress", content: textContent(chunk) });
  await call.complete({ content: textContent(...chunks), rawOutput: { exitCode: 0 } });
};

function bigChunk(index: number): string {
  const firstLine = (index * CHUNK_CHARACTERS) / LINE_CHARACTERS;
  const lines = Array.from({ length: CHUNK_CHARACTERS / LINE_CHARACTERS }, (_, n) =>
    `line ${firstLine + n} `.padEnd(LINE_CHARACTERS - 1, "."),
  );
  return `${lines.join("\n")}\n`;
}

const plan: Script = async (turn) => {
  await followPlan(turn, [
    "Read the request",
    "Look at the folder",
    "Make the change",
    "Run the tests",
    "Report",
  ]);
  await turn.say("All five steps are done.");
};

/** Sends the plan once before the first step and again after every step. */
async function followPlan(turn: Turn, steps: string[]): Promise<void> {
  for (let done = 0; done <= steps.length; done += 1) {
    await turn.send({
      sessionUpdate: "plan",
      entries: steps.map((content, index) => ({
        content,
        priority: index < 2 ? "high" : "medium",
        status: index < done ? "completed" : index === done ? "in_progress" : "pending",
      })),
    });
  }
}

export const toolWords: Word[] = [
  {
    names: ["tool", "tools", "tooling"],
    usage: "tool",
    purpose: "a search that merges, shows files and diffs, and fails",
    script: tool,
  },
  { names: ["status"], usage: "status", purpose: "a short piece of work with its progress", script: status },
  { names: ["plan"], usage: "plan", purpose: "a plan of five steps that progresses", script: plan },
  { names: ["subagent"], usage: "subagent", purpose: "a call with calls nested in it", script: subagent },
  { names: ["burst"], usage: "burst N", purpose: "N tool calls", script: burst },
  { names: ["big"], usage: "big [MB]", purpose: "a tool call with MB megabytes of output", script: big },
];
