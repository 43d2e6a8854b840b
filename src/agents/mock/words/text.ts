import { numberArgument, takeArgument, type Prompt } from "../prompt.ts";
import { textContent, type Turn } from "../turn.ts";
import type { Script, Word } from "../word.ts";
import { hostileCommand, hostileText } from "./hostile.ts";
import { markdownDeltas } from "./markdown.ts";

/** Three bars in three colours, 48 x 32 pixels. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAADAAAAAgCAMAAABjCgsuAAAACVBMVEU7gvYQuYH1ngu5TEwMAAAAH0lEQVR42mNgQAOMaIAJDTCMahjVMKphVMOohpGgAQAnLgYB6UZlXQAAAABJRU5ErkJggg==";

/** Any text that is no word: said back, with a line for everything attached. */
export const reply: Script = (turn, prompt) => sayWithAttachments(turn, prompt.text, prompt);

const echo: Script = (turn, prompt) => {
  const text = prompt.rest.trim().replace(/\s+/g, " ");
  return sayWithAttachments(turn, text || "Tell me what to echo: `echo some words`.", prompt);
};

async function sayWithAttachments(turn: Turn, text: string, { attachments }: Prompt): Promise<void> {
  const list =
    attachments.length > 0 ? `Attachments:\n${attachments.map((line) => `- ${line}`).join("\n")}` : "";
  const answer = [text, list].filter(Boolean).join("\n\n");
  if (answer) await turn.say(answer);
}

/** The old mock's rich block: reasoning, text and JSON. */
export const rich: Script = async (turn) => {
  await turn.stream("agent_thought_chunk", ["Public reasoning ", "for display."]);
  await turn.stream("agent_thought_chunk", ["Private reasoning ", "hidden by default."]);
  await turn.say(
    "Mock assistant response ",
    "with rich content.\n\n",
    '```json\n{ "stage": "analysis", "ok": true }\n```\n',
  );
};

export const markdown: Script = (turn) => turn.say(...markdownDeltas);

export const image: Script = async (turn) => {
  await turn.say("Here is a mock image output.");
  await turn.send({
    sessionUpdate: "agent_message_chunk",
    messageId: turn.session.nextId("message"),
    content: { type: "image", mimeType: "image/png", data: PNG, uri: `mock_${turn.number}/image.png` },
  });
};

const think: Script = async (turn) => {
  const thoughts = [
    "First I look at ",
    "what was asked. ",
    "Then I weigh ",
    "the two ways to do it.\n\n",
    "The second is simpler.",
  ];
  await turn.stream("agent_thought_chunk", thoughts);
  await turn.say("I thought about it: the second way is simpler.");
};

const long: Script = async (turn, { rest }) => {
  const { argument: count, rest: pace } = takeArgument(rest);
  await turn.stream(
    "agent_message_chunk",
    longText(numberArgument(count, 100, 10_000_000)),
    numberArgument(pace, 0, 60_000),
  );
};

const vocabulary =
  "the quick brown fox jumps over a lazy dog while seven wizards quietly box their liquor jugs".split(" ");
const WORDS_PER_PARAGRAPH = 60;

/** `count` words, numbered now and then so that a reader can tell where in the stream they are. */
function* longText(count: number): Generator<string> {
  for (let n = 1; n <= count; n += 1) {
    const word = n % 25 === 0 ? `**${n}**` : (vocabulary[n % vocabulary.length] ?? "");
    yield word + (n % WORDS_PER_PARAGRAPH === 0 ? ".\n\n" : " ");
  }
}

const hostile: Script = async (turn) => {
  await turn.say(hostileText);
  const call = await turn.startTool({
    title: hostileCommand,
    kind: "execute",
    rawInput: { command: hostileCommand },
  });
  await call.complete({ content: textContent(hostileText), rawOutput: { exitCode: 0 } });
};

/** The prompts that the old mock knew as a whole, with the answers it gave. */
export const exactAnswers: Record<string, Script> = {
  "reply with exactly the single word ok.": (turn) => turn.say("OK"),
  "reply with exactly the word first.": (turn) => turn.say("FIRST"),
  "reply with exactly the word second.": (turn) => turn.say("SECOND"),
  "answer briefly and include your reasoning.": rich,
};

export const textWords: Word[] = [
  {
    names: ["markdown"],
    usage: "markdown",
    purpose: "a rich document in eight deltas cut inside its marks",
    script: markdown,
  },
  { names: ["image"], usage: "image", purpose: "a message with a small picture", script: image },
  { names: ["think"], usage: "think", purpose: "reasoning, then an answer", script: think },
  {
    names: ["long"],
    usage: "long N [MS]",
    purpose: "an answer in N deltas, MS milliseconds apart",
    script: long,
  },
  {
    names: ["hostile"],
    usage: "hostile",
    purpose: "scripts, links and control characters that must do nothing",
    script: hostile,
  },
  { names: ["echo", "say"], usage: "echo TEXT", purpose: "says TEXT", script: echo },
];
