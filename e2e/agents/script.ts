/** What a model is asked, whichever wire it came over. */
export type Asked = {
  model: string;
  /** The person's texts that carry a script word, oldest first. */
  prompts: string[];
  /** How many tool results have come back since the newest prompt. */
  results: number;
  /** Names of the tools the agent offers. */
  tools: string[];
};

/** What the model does about the world, before an agent's own words for it. */
export type Action =
  | { does: "run"; command: string }
  | { does: "read"; path: string }
  | { does: "edit"; path: string; old_text: string; new_text: string };

/** One answer of the model. */
export type Reply = {
  reasoning?: string;
  text?: string;
  action?: Action;
  /** Milliseconds between two frames. */
  pace_ms?: number;
};

/** Where a prompt says what the model shall do: `script:run echo hello`. */
const WORD = /script:(\w+)(?: ([^\n<]*))?/;

/** Whether a text of a user's message is a prompt, and not something the agent put beside it. */
export function isPrompt(text: string): boolean {
  return WORD.test(text);
}

/**
 * The scripted model: the word in the newest prompt picks a list of replies, and the number of tool results since
 * then picks one of them. What asks for no tool and has no prompt wants a title.
 */
export function replyTo(asked: Asked): Reply {
  const [, word = "", rest = ""] = WORD.exec(asked.prompts.at(-1) ?? "") ?? [];
  if (asked.tools.length === 0) return { text: "A scripted title" };
  const replies = repliesOf(word, rest.trim(), asked);
  return replies[Math.min(asked.results, replies.length - 1)] ?? { text: `No script is called "${word}".` };
}

function repliesOf(word: string, rest: string, { prompts, tools }: Asked): Reply[] {
  switch (word) {
    case "text":
      return [{ text: "Hello from the **scripted** model.\n\n- one\n- two\n" }];
    case "reasoning":
      return [{ reasoning: "First I weigh the question.", text: "The answer is 42." }];
    case "run":
      return [
        { text: "I run it.", action: { does: "run", command: rest } },
        { text: "The command has ended." },
      ];
    case "edit": {
      const [path = "", old_text = "", new_text = ""] = rest.split(" ");
      const edit: Reply = { action: { does: "edit", path, old_text, new_text } };
      const read: Reply = { action: { does: "read", path } };
      const reads = tools.some((tool) => tool.toLowerCase() === "read");
      return [...(reads ? [read] : []), edit, { text: "The file is edited." }];
    }
    case "long": {
      const [words = 600, pace_ms = 50] = rest.split(" ").filter(Boolean).map(Number);
      return [{ text: Array.from({ length: words }, (_, n) => `word-${n}`).join(" "), pace_ms }];
    }
    case "recall":
      return [{ text: `The first prompt was: ${prompts[0]?.replace("script:", "") ?? "nothing"}` }];
    default:
      return [];
  }
}
