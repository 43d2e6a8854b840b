import type { ContentBlock } from "@agentclientprotocol/sdk";

/** What a user sent, taken apart. */
export type Prompt = {
  /** All text blocks, trimmed. */
  text: string;
  /** The first word, lower case, without a leading slash: `/help` is `help`. */
  word: string;
  /** The text after the first word. */
  rest: string;
  /** One line per block that is not text. */
  attachments: string[];
};

export function parsePrompt(blocks: readonly ContentBlock[]): Prompt {
  const text = blocks
    .flatMap((block) => (block.type === "text" ? [block.text] : []))
    .join("\n")
    .trim();
  const [, first = "", rest = ""] = /^\/?(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return { text, word: first.toLowerCase(), rest, attachments: blocks.flatMap(describeAttachment) };
}

function describeAttachment(block: ContentBlock): string[] {
  switch (block.type) {
    case "text":
      return [];
    case "image":
    case "audio":
      return [`${block.type}: ${block.mimeType}, ${Buffer.byteLength(block.data, "base64")} bytes`];
    case "resource_link":
      return [`link: ${block.name} (${block.uri})`];
    case "resource": {
      const { resource } = block;
      const bytes =
        "text" in resource ? Buffer.byteLength(resource.text) : Buffer.byteLength(resource.blob, "base64");
      return [`file: ${resource.uri}, ${bytes} bytes`];
    }
    default:
      return block satisfies never;
  }
}

/**
 * The first argument of a line and what follows it. An argument may stand in single quotes (taken literally) or
 * double quotes (`\n`, `\t`, `\"` and `\\` mean what they do in C).
 */
export function takeArgument(line: string): { argument: string; rest: string } {
  const match = /^\s*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|(\S+))\s*([\s\S]*)$/.exec(line);
  if (!match) return { argument: "", rest: "" };
  const [, double, single, bare = "", rest = ""] = match;
  return { argument: double === undefined ? (single ?? bare) : unescape(double), rest };
}

/** The rest of a line as one argument: unquoted when it is one quoted string, else as it stands. */
export function wholeArgument(line: string): string {
  const { argument, rest } = takeArgument(line);
  return rest === "" && /^\s*["']/.test(line) ? argument : line;
}

const escapes: Record<string, string> = { n: "\n", t: "\t" };

function unescape(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}

/** A number argument within bounds, or the default when there is none. */
export function numberArgument(argument: string | undefined, fallback: number, max: number): number {
  const value = Number(argument || fallback);
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), max) : fallback;
}
