import type { Prompt } from "../prompt.ts";
import type { Script, Word } from "../word.ts";
import { askWords, proceed } from "./asks.ts";
import { sessionWords } from "./commands.ts";
import { demoWords } from "./demo.ts";
import { failureWords } from "./failures.ts";
import { fileWords } from "./files.ts";
import { runCommand, runWords } from "./run.ts";
import { exactAnswers, reply, textWords } from "./text.ts";
import { status, toolWords } from "./tools.ts";

const help: Script = (turn) => {
  const lines = words.map(({ usage, purpose }) => `- \`${usage}\`: ${purpose}`);
  return turn.say(`**Mock agent: what to say**\n\n${lines.join("\n")}\n\nAny other text is echoed.`);
};

/** Every word, in the order `help` lists them. */
export const words: readonly Word[] = [
  { names: ["help"], usage: "help", purpose: "this list", script: help },
  ...demoWords,
  ...textWords,
  ...toolWords,
  ...askWords,
  ...fileWords,
  ...runWords,
  ...sessionWords,
  ...failureWords,
];

const scripts = new Map(words.flatMap(({ names, script }) => names.map((name) => [name, script] as const)));

/** Whole prompts that the 0.1 mock knew, lower case. */
const wholeTexts: Record<string, Script> = {
  ...exactAnswers,
  "provide a short status update.": status,
  "list files in the current directory using available tools.": (turn) => runCommand(turn, "ls"),
  "use the bash tool to run `ls` in the current directory. do not answer without using the tool.": (turn) =>
    runCommand(turn, "ls"),
  "use the askuserquestion tool to ask exactly one yes/no question, then wait for a reply. do not answer yourself.":
    proceed,
  "call the askuserquestion tool with exactly one yes/no question and wait for a reply. do not answer yourself.":
    proceed,
};

/** The script of a prompt: of its whole text, else of its first word, else the echo. */
export function findScript({ text, word }: Prompt): Script {
  return wholeTexts[text.toLowerCase()] ?? scripts.get(word) ?? reply;
}
