import type { Script, Word } from "../word.ts";
import { permission, question } from "./asks.ts";
import { unknown, unparsed } from "./failures.ts";
import { image, markdown, rich } from "./text.ts";
import { status, tool } from "./tools.ts";

const system: Script = (turn) => turn.say("System: the mock agent is ready.");

const blocks: [announcement: string, block: Script][] = [
  ["a system message", system],
  ["a rich answer with reasoning", rich],
  ["a status", status],
  ["markdown", markdown],
  ["a tool call", tool],
  ["an image", image],
  ["an unknown item", unknown],
  ["two permissions", permission],
  ["two questions", question],
  ["output that cannot be parsed", unparsed],
];

const demo: Script = async (turn, prompt) => {
  for (const [index, [announcement, block]] of blocks.entries()) {
    await turn.say(`${index + 1} of ${blocks.length}, next: ${announcement}.`);
    await block(turn, { ...prompt, rest: "" });
  }
};

export const demoWords: Word[] = [
  { names: ["demo"], usage: "demo", purpose: "one of everything", script: demo },
];
