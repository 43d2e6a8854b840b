import { textOf } from "#src/domain/text.ts";
import type { Row } from "./rows.ts";

/** A text of a row that find looks through; `start` and `length` of a match count in it. */
export type SearchField = { field: string; text: string };

export type SearchMatch = {
  row_key: string;
  field: string;
  start: number;
  length: number;
  /** The match with what stands around it, on one line. */
  excerpt: string;
};

export type SearchResult = {
  /** Oldest first, at most `limit`. */
  matches: SearchMatch[];
  /** How many there are in all. */
  total: number;
};

const AROUND = 40;

/** Finds text in the rows, whatever its case, whether or not a row is on the screen. An empty query finds nothing. */
export function searchRows(
  rows: readonly Row[],
  query: string,
  { limit = 1000 }: { limit?: number } = {},
): SearchResult {
  const result: SearchResult = { matches: [], total: 0 };
  if (query === "") return result;
  // A pattern rather than lower-cased copies: those can differ in length, which would move every later match.
  const pattern = new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "gi");
  for (const row of rows) {
    for (const { field, text } of searchFields(row)) {
      for (const match of text.matchAll(pattern)) {
        result.total += 1;
        if (result.matches.length >= limit) continue;
        const place = { start: match.index, length: match[0].length };
        result.matches.push({ row_key: row.key, field, ...place, excerpt: excerptOf(text, place) });
      }
    }
  }
  return result;
}

/** What find looks through in a row, in the order in which its card shows it. */
export function searchFields(row: Row): SearchField[] {
  switch (row.kind) {
    case "user":
      return [{ field: "content", text: textOf(row.content) }];
    case "content":
      return [{ field: "content", text: textOf(row.content) }];
    case "text":
    case "thinking":
    case "notice":
      return [{ field: "text", text: row.text }];
    case "tool":
      return [
        { field: "title", text: row.tool.title },
        { field: "input", text: inputText(row.tool.input) },
        { field: "output", text: row.tool.output },
      ];
    case "permission":
      return [
        { field: "title", text: row.permission.request.title || row.permission.request.tool_name },
        { field: "input", text: inputText(row.permission.request.tool_input) },
      ];
    case "question":
      return [
        {
          field: "question",
          text: row.question.request.questions.map(({ question }) => question).join("\n"),
        },
        { field: "answer", text: (row.question.response?.answers ?? []).flat().join("\n") },
      ];
    case "error":
      return [{ field: "message", text: row.message }];
    case "log":
      return [{ field: "lines", text: row.lines.map(({ line }) => line).join("\n") }];
    case "unparsed":
      return [{ field: "error", text: row.error }];
    case "turn_end":
      return [
        { field: "error", text: row.error ?? "" },
        { field: "stderr", text: row.stderr ?? "" },
      ];
    default:
      return row satisfies never;
  }
}

/** A tool's input as text: as it is, or as JSON with one field a line. */
export function inputText(input: unknown): string {
  if (input === undefined || input === null) return "";
  return typeof input === "string" ? input : JSON.stringify(input, null, 2);
}

function excerptOf(text: string, { start, length }: { start: number; length: number }): string {
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, start + length + AROUND);
  const words = text.slice(from, to).replaceAll(/\s+/g, " ").trim();
  return `${from > 0 ? "…" : ""}${words}${to < text.length ? "…" : ""}`;
}
