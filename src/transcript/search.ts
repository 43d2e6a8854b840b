import { textOf } from "#src/domain/text.ts";
import type { Row } from "./rows.ts";

/** A text of a row that find looks through; `start` and `length` of a match count in it. */
export type SearchField = { field: string; text: string };

/** How often a row holds what was searched for; rows without it are left out of a result. */
export type RowMatches = { row_key: string; count: number };

/** One place in a row: `start` and `length` count in the text of its field. */
export type RowMatch = { field: string; start: number; length: number };

/** The pattern that finds a text whatever its case and wherever it stands; null for nothing to find. */
export function searchPattern(query: string): RegExp | null {
  if (query === "") return null;
  // A pattern rather than lower-cased copies: those can differ in length, which would move every later match.
  return new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "gi");
}

/** The rows that hold a text, in their order, whether or not they are on a screen. Rows searched in parts give the same. */
export function searchRows(rows: readonly Row[], query: string): RowMatches[] {
  const pattern = searchPattern(query);
  if (!pattern) return [];
  const found: RowMatches[] = [];
  for (const row of rows) {
    let count = 0;
    for (const { text } of searchFields(row)) {
      pattern.lastIndex = 0;
      while (pattern.test(text)) count += 1;
    }
    if (count > 0) found.push({ row_key: row.key, count });
  }
  return found;
}

/** Where in a row a text stands, in the order in which its card shows it: as many places as `searchRows` counts. */
export function matchesIn(row: Row, query: string): RowMatch[] {
  const pattern = searchPattern(query);
  if (!pattern) return [];
  return searchFields(row).flatMap(({ field, text }) =>
    Array.from(text.matchAll(pattern), (match) => ({ field, start: match.index, length: match[0].length })),
  );
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
    case "tool": {
      const { title, output } = row.tool;
      const input = inputText(row.tool.input);
      return [
        // Most titles only repeat the command or the path, which the card shows once.
        { field: "title", text: input.includes(title) ? "" : title },
        { field: "input", text: input },
        { field: "output", text: output },
      ];
    }
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
