import type { ContentBlock } from "#src/domain/content.ts";
import type { Actor, Diff } from "#src/domain/request.ts";
import { formatDuration } from "#src/lib/format.ts";
import { commonEnds, linesOf } from "./diff-stat.ts";
import type { PermissionState, QuestionState, Row, RowOf } from "./rows.ts";
import { inputText } from "./search.ts";
import { diffsOf } from "./tool-diffs.ts";
import { describeTool, toolDuration } from "./tool-view.ts";

/** A whole transcript, or any part of it, as Markdown. */
export function transcriptMarkdown(rows: readonly Row[], { title }: { title?: string } = {}): string {
  const parts = rows.map(rowMarkdown).filter((part) => part !== "");
  return `${[...(title ? [`# ${title}`] : []), ...parts].join("\n\n")}\n`;
}

/** One turn: the rows of the prompt at `key` (see `outlineOf`) up to the next prompt. Empty when `key` is no row's. */
export function turnMarkdown(rows: readonly Row[], key: string): string {
  const start = rows.findIndex((row) => row.key === key);
  if (start === -1) return "";
  const next = rows.findIndex((row, index) => index > start && row.kind === "user");
  return transcriptMarkdown(rows.slice(start, next === -1 ? undefined : next));
}

/** One row as Markdown: what was said as it was said, and what was done with who allowed it and how it ended. */
export function rowMarkdown(row: Row): string {
  switch (row.kind) {
    case "user":
      return `## ${row.author ?? "You"} (${row.at})\n\n${contentMarkdown(row.content)}`;
    case "text":
      return row.text;
    case "thinking":
      return quoted(`*Thinking*\n\n${row.text}`);
    case "content":
      return contentMarkdown(row.content);
    case "tool":
      return toolMarkdown(row);
    case "permission":
      return permissionMarkdown(row.permission, true);
    case "question":
      return questionMarkdown(row.question);
    case "error":
      return quoted(`**Error**${row.code ? ` \`${row.code}\`` : ""}: ${row.message}`);
    case "notice":
      return `*${row.text}*`;
    case "log":
      return fenced(row.lines.map(({ line }) => line).join("\n"), "log");
    case "unparsed":
      return `${quoted(`**Not understood**: ${row.error}`)}\n\n${fenced(inputText(row.raw), "json")}`;
    case "turn_end":
      return turnEndMarkdown(row);
    default:
      return row satisfies never;
  }
}

function toolMarkdown(row: RowOf<"tool">): string {
  const { tool } = row;
  const { verb, subject, command, exit_code } = describeTool(tool);
  const duration = toolDuration(row);
  const facts = [
    tool.status.replace("_", " "),
    exit_code === null ? null : `exit ${exit_code}`,
    duration === null ? null : formatDuration(duration),
  ].filter((fact) => fact !== null);
  const input = command ?? inputText(tool.input);
  const diffs = diffsOf(tool);
  return [
    `**${verb}**${subject ? ` ${inCode(subject)}` : ""} (${facts.join(", ")})`,
    ...tool.permissions.map((permission) => permissionMarkdown(permission, false)),
    command === null && diffs.length > 0 ? "" : fenced(input, command === null ? "json" : "sh"),
    ...diffs.map(diffMarkdown),
    fenced(tool.output, ""),
    contentMarkdown(tool.content),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What was asked, what came of it, who said so and when. `whole`: no tool call above it says what it is about. */
function permissionMarkdown(
  { request, requested_at, response, responded_at }: PermissionState,
  whole: boolean,
): string {
  const about = request.title || request.tool_name;
  const asked = `**Permission** ${inCode(about)}, asked ${requested_at}: `;
  const input = whole ? fenced(inputText(request.tool_input), "json") : "";
  const answer =
    response === null ? "pending" : `${outcomeOf(response)}${signature(response.by, responded_at)}`;
  const message = response?.message ? `\n${response.message}` : "";
  return [quoted(`${asked}${answer}${message}`), input].filter((part) => part !== "").join("\n\n");
}

function outcomeOf(response: NonNullable<PermissionState["response"]>): string {
  if (response.state === "expired") return "expired";
  const word = response.approved ? "allowed" : "refused";
  const option = response.option_name
    ? ` (${response.option_name})`
    : response.reply === "always"
      ? " (always)"
      : "";
  return `${word}${option}${response.state === "auto_resolved" ? " by a rule" : ""}`;
}

function questionMarkdown({ request, requested_at, response, responded_at }: QuestionState): string {
  const lines = request.questions.map(({ question }, index) => {
    const answer = response?.answers?.[index];
    return answer ? `- ${question} ${answer.map((label) => `**${label}**`).join(", ")}` : `- ${question}`;
  });
  const state = response === null ? "pending" : `${response.state}${signature(response.by, responded_at)}`;
  return quoted([`**Question**, asked ${requested_at}: ${state}`, ...lines].join("\n"));
}

function signature(by: Actor | null, at: string | null): string {
  return `${by ? ` by ${by.name}` : ""}${at ? `, ${at}` : ""}`;
}

function turnEndMarkdown(row: RowOf<"turn_end">): string {
  const waited = row.waited_ms < 1000 ? "" : `, ${formatDuration(row.waited_ms)} of it waiting for answers`;
  const duration = row.duration_ms === null ? "" : ` after ${formatDuration(row.duration_ms)}${waited}`;
  if (row.outcome === "completed") {
    return row.stop_reason === "end_turn"
      ? ""
      : `*Ended${duration}: ${row.stop_reason ?? "no reason given"}*`;
  }
  const code = row.code ? ` \`${row.code}\`` : "";
  const failure = quoted(`**Failed**${code}${duration}: ${row.error ?? "no reason given"}`);
  return row.stderr ? `${failure}\n\n${fenced(row.stderr, "")}` : failure;
}

/** The changed part of a file, as one hunk without context: what was there, then what is; and where, if that is known. */
function diffMarkdown(diff: Diff): string {
  const before = linesOf(diff.old_text);
  const after = linesOf(diff.new_text);
  const { start, end } = commonEnds(before, after);
  const removed = before.slice(start, before.length - end).map((line) => `-${line}`);
  const added = after.slice(start, after.length - end).map((line) => `+${line}`);
  const line = (diff.start_line ?? 0) + start;
  const head =
    diff.start_line === undefined ? "@@" : `@@ -${line},${removed.length} +${line},${added.length} @@`;
  return fenced([`--- ${diff.path}`, `+++ ${diff.path}`, head, ...removed, ...added].join("\n"), "diff");
}

function contentMarkdown(content: readonly ContentBlock[]): string {
  return content.map(blockMarkdown).join("\n\n");
}

function blockMarkdown(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
      return `[image, ${block.media_type}]`;
    case "file":
      return `[file ${block.path ?? block.name}]`;
    case "tool_use":
      return `**${block.name}**\n\n${fenced(inputText(block.input), "json")}`;
    case "tool_result":
      return fenced(block.content, "");
    default:
      return block satisfies never;
  }
}

/** A fence longer than any run of backticks in the text; nothing for no text. */
function fenced(text: string, language: string): string {
  if (text === "") return "";
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

function inCode(text: string): string {
  const ticks = "`".repeat(longestRun(text) + 1);
  const pad = ticks.length > 1 ? " " : "";
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}

function quoted(text: string): string {
  return text.replaceAll(/^/gm, "> ");
}
