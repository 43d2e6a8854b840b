/** One assignment of a `.env` text. `line` counts from 1. */
export type DotenvEntry = { name: string; value: string; line: number };

/** A line that could not be read, or a name set more than once; the message is for people. */
export type DotenvProblem = { line: number; message: string };

export type Dotenv = { entries: DotenvEntry[]; problems: DotenvProblem[] };

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Reads a `.env` text as shells and dotenv do: an `export` prefix, `#` comments, `=` inside values, single quotes
 * (literal), double quotes (with `\n` and its kin), and quoted values over several lines. Nothing is expanded:
 * `$HOME` stays as written. A name set twice keeps its place and takes the last value. Never throws.
 */
export function parseDotenv(text: string): Dotenv {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const entries = new Map<string, DotenvEntry>();
  const problems: DotenvProblem[] = [];

  for (let index = 0; index < lines.length;) {
    const source = lines[index] ?? "";
    const line = index + 1;
    const read = readLine(source, lines, index);
    index = read.next;
    if (read.kind === "skip") continue;
    if (read.kind === "problem") {
      problems.push({ line, message: read.message });
      continue;
    }
    const earlier = entries.get(read.name);
    if (earlier) problems.push({ line, message: `${read.name} is set twice; the last value counts` });
    entries.set(read.name, { name: read.name, value: read.value, line: earlier?.line ?? line });
  }
  return { entries: [...entries.values()], problems };
}

/** Whether a pasted text is meant as `.env` rather than as one plain word. */
export function looksLikeDotenv(text: string): boolean {
  return text.split(/\r\n|\r|\n/).some((line) => assignment.test(line));
}

type Read =
  | { kind: "skip"; next: number }
  | { kind: "problem"; message: string; next: number }
  | { kind: "entry"; name: string; value: string; next: number };

function readLine(source: string, lines: readonly string[], index: number): Read {
  const next = index + 1;
  if (/^\s*(?:#|$)/.test(source)) return { kind: "skip", next };
  const match = assignment.exec(source);
  if (!match) return { kind: "problem", message: "not of the form NAME=value", next };
  const name = match[1] ?? "";
  const rest = source.slice(match[0].length);
  const quote = rest[0];
  if (quote !== '"' && quote !== "'") return { kind: "entry", name, value: unquoted(rest), next };

  const following = lines.slice(next);
  const quoted = readQuoted([rest.slice(1), ...following].join("\n"), quote);
  if (!quoted) return { kind: "problem", message: `${name} has a quote that is never closed`, next };
  if (!/^\s*(?:#.*)?$/.test(quoted.after)) {
    return {
      kind: "problem",
      message: `${name} has text after its closing quote`,
      next: next + quoted.breaks,
    };
  }
  return { kind: "entry", name, value: quoted.value, next: next + quoted.breaks };
}

/** A `#` starts a comment only at the start of the value or after a blank, so `a#b` keeps its `#`. */
function unquoted(rest: string): string {
  return rest.replace(/(?:^|\s)#.*$/, "").trim();
}

/** Reads up to the closing quote; `breaks` is how many line ends it went over, `after` what follows on its line. */
function readQuoted(text: string, quote: '"' | "'"): { value: string; after: string; breaks: number } | null {
  let value = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === quote) {
      const after = text.slice(at + 1).split("\n", 1)[0] ?? "";
      return { value, after, breaks: text.slice(0, at).split("\n").length - 1 };
    }
    if (char === "\\" && quote === '"' && at + 1 < text.length) {
      at += 1;
      value += unescape(text.charAt(at));
      continue;
    }
    value += char;
  }
  return null;
}

function unescape(char: string): string {
  if (char === '"' || char === "\\" || char === "$") return char;
  return escapes[char] ?? `\\${char}`;
}
