import { elapsedMs } from "#src/lib/elapsed.ts";
import { diffStat } from "./diff-stat.ts";
import type { RowOf, ToolCall } from "./rows.ts";
import { diffsOf } from "./tool-diffs.ts";
import {
  commandOf,
  type LineRange,
  numberField,
  objectField,
  pathOf,
  rangeOf,
  readInput,
  textField,
  type ToolInput,
} from "./tool-input.ts";

/** What the card of a tool call says. Whatever is not known is null. */
export type ToolDescription = {
  /** What is done: `Read`, `Run`, `Search for`; with the subject it reads as a sentence. */
  verb: string;
  /** What it is done to: a path, the first line of a command, a pattern, an address. May be empty. */
  subject: string;
  /** More about it, in a few words: the agent's own description of a command, where a search looked. */
  detail: string | null;
  /** The whole command of an `execute`. */
  command: string | null;
  file_path: string | null;
  range: LineRange | null;
  added: number | null;
  removed: number | null;
  /** How many places a search found. */
  match_count: number | null;
  exit_code: number | null;
};

/** Describes a tool call from whatever its agent sent (Claude, Codex, OpenCode, the mock); never throws. */
export function describeTool(tool: ToolCall): ToolDescription {
  const input = readInput(tool.input);
  const file_path = tool.kind === "execute" ? null : fileOf(tool, input);
  const command = tool.kind === "execute" ? commandOf(input) : null;
  const diffs = diffsOf(tool);
  const stat = diffs.length > 0 ? diffStat(diffs) : null;
  return {
    ...withoutEcho(sentenceOf(tool, input, { file_path, command })),
    command,
    file_path,
    range: tool.kind === "read" ? rangeOf(input) : null,
    added: stat?.added ?? null,
    removed: stat?.removed ?? null,
    match_count: tool.kind === "search" ? matchCount(tool) : null,
    exit_code: exitCode(tool),
  };
}

/** How long a call ran, in ms; null while it runs. */
export function toolDuration(row: RowOf<"tool">): number | null {
  return row.tool.ended_at === null ? null : elapsedMs(row.at, row.tool.ended_at);
}

/** The file a call is about; of a search or a listing, the folder it looked in. */
export function fileOf(tool: ToolCall, input: ToolInput = readInput(tool.input)): string | null {
  return pathOf(input) ?? tool.diffs[0]?.path ?? tool.locations[0]?.path ?? null;
}

type Found = { file_path: string | null; command: string | null };
type Sentence = Pick<ToolDescription, "verb" | "subject" | "detail">;

function sentenceOf(tool: ToolCall, input: ToolInput, { file_path, command }: Found): Sentence {
  const title = titleOf(tool);
  const detail = textField(input, ["description", "explanation", "reason"]);
  switch (tool.kind) {
    case "read":
      if (isListing(tool)) return { verb: "List", subject: file_path ?? title, detail };
      return { verb: "Read", subject: file_path ?? title, detail };
    case "edit":
      return { verb: isWhole(tool, input) ? "Write" : "Edit", subject: file_path ?? title, detail };
    case "delete":
      return { verb: "Delete", subject: file_path ?? title, detail };
    case "move":
      return moveSentence(input, file_path ?? title);
    case "execute":
      return { verb: "Run", subject: firstLine(command ?? title), detail };
    case "search":
      return searchSentence(tool, input, title);
    case "fetch":
      return fetchSentence(input, title);
    case "think":
      return { verb: "Think", subject: title, detail };
    case "switch_mode":
      return { verb: "Switch to", subject: textField(input, ["mode", "mode_id", "modeId"]) ?? title, detail };
    case "subagent":
      return {
        verb: "Sub-agent",
        subject: detail ?? title,
        detail: textField(input, ["subagent_type", "agent"]),
      };
    case "other":
      return otherSentence(tool, title, detail);
    default:
      return tool.kind satisfies never;
  }
}

/** A title often says the verb itself: `Read readme.md`, or only `edit`. */
function withoutEcho({ verb, subject, detail }: Sentence): Sentence {
  const echoes = subject.toLowerCase().startsWith(verb.toLowerCase());
  const rest = subject.slice(verb.length);
  return { verb, subject: echoes && /^(\s|$)/.test(rest) ? rest.trimStart() : subject, detail };
}

function titleOf(tool: ToolCall): string {
  return tool.title || tool.name;
}

/** ACP has no kind for a listing: it is a `read` that only the tool's name or its title tells apart. */
function isListing({ name, title }: ToolCall): boolean {
  return /^(ls|list|list_?dir(ectory)?|list_?files)$/i.test(name) || /^list\s/i.test(title);
}

function isWhole(tool: ToolCall, input: ToolInput): boolean {
  const diffs = diffsOf(tool);
  if (diffs.length > 0) return diffs.every((diff) => !diff.old_text);
  return /write|create/i.test(tool.name) || typeof input.content === "string";
}

function moveSentence(input: ToolInput, fallback: string): Sentence {
  const from = textField(input, ["from", "source", "old_path", "oldPath"]);
  const to = textField(input, ["to", "destination", "new_path", "newPath"]);
  return { verb: "Move", subject: from ?? fallback, detail: to && `to ${to}` };
}

function searchSentence(tool: ToolCall, input: ToolInput, title: string): Sentence {
  const pattern = textField(input, ["pattern", "query", "regex", "search", "search_term", "q"]);
  const glob = textField(input, ["glob", "include", "type"]);
  const path = textField(input, ["path", "directory", "cwd"]);
  const detail = [path && `in ${path}`, glob].filter(Boolean).join(", ") || null;
  if (pattern === null) return { verb: "Search", subject: title, detail };
  return { verb: /glob|find|list/i.test(tool.name) ? "Find" : "Search for", subject: pattern, detail };
}

function fetchSentence(input: ToolInput, title: string): Sentence {
  const url = textField(input, ["url", "uri", "href"]);
  const query = textField(input, ["query", "q"]);
  if (url === null && query !== null) return { verb: "Search the web for", subject: query, detail: null };
  return { verb: "Fetch", subject: url ?? title, detail: textField(input, ["prompt"]) };
}

/** An MCP tool's name holds its server: `mcp__github__create_issue`. */
function otherSentence(tool: ToolCall, title: string, detail: string | null): Sentence {
  const [, server, name] = /^mcp__(.+?)__(.+)$/.exec(tool.name) ?? [];
  if (server && name) {
    return { verb: "Use", subject: title === tool.name ? name : title, detail: detail ?? server };
  }
  return title === tool.name
    ? { verb: "Use", subject: title, detail }
    : { verb: capital(tool.name), subject: title, detail };
}

/** From the result's own count where the agent gives one (Claude, OpenCode), else from the sentence it begins with. */
function matchCount(tool: ToolCall): number | null {
  const result = readInput(tool.raw_output);
  const counted =
    numberField(result, ["numMatches", "matches", "count", "numFiles", "numLines"]) ??
    numberField(objectField(result, "metadata"), ["matches", "count"]);
  if (counted !== null) return counted;
  if (/^no (files|matches|results) found/i.test(tool.output)) return 0;
  const said = /^Found (\d+)/.exec(tool.output)?.[1];
  return said === undefined ? null : Number(said);
}

function exitCode(tool: ToolCall): number | null {
  if (tool.exit_code !== null) return tool.exit_code;
  const result = readInput(tool.raw_output);
  return (
    numberField(result, ["exit_code", "exitCode"]) ?? numberField(objectField(result, "metadata"), ["exit"])
  );
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : `${text.slice(0, end)} …`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
