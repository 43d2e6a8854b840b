/** What is shown of a long output and how much is not. */
export type Capped = { text: string; hidden_lines: number; hidden_chars: number };

type Limits = { lines: number; chars: number };

export const outputLimits: Limits = { lines: 200, chars: 20_000 };

/** The end of an output, cut at a line: where a command says how it went. */
export function capEnd(text: string, limits: Limits = outputLimits): Capped {
  let start = Math.max(0, text.length - limits.chars);
  if (start > 0) {
    const lineEnd = text.indexOf("\n", start);
    if (lineEnd >= 0 && lineEnd < text.length - 1) start = lineEnd + 1;
  }
  let at = text.endsWith("\n") ? text.length - 1 : text.length;
  for (let lines = 0; lines < limits.lines; lines += 1) {
    at = text.lastIndexOf("\n", at - 1);
    if (at < start) return cutAt(text, start);
  }
  return cutAt(text, Math.max(start, at + 1));
}

/** The beginning of a text, cut at a line: how a file or a message starts. */
export function capStart(text: string, limits: Limits = outputLimits): Capped {
  let end = Math.min(text.length, limits.chars);
  let at = -1;
  for (let lines = 0; lines < limits.lines; lines += 1) {
    at = text.indexOf("\n", at + 1);
    if (at < 0 || at >= end) break;
  }
  if (at >= 0 && at < end) end = at;
  const hidden = text.slice(end);
  return { text: text.slice(0, end), hidden_lines: countLines(hidden), hidden_chars: hidden.length };
}

/** How many lines a text has; a line break at its end starts no further one. */
export function countLines(text: string): number {
  if (text === "") return 0;
  let lines = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

function cutAt(text: string, start: number): Capped {
  return { text: text.slice(start), hidden_lines: countLines(text.slice(0, start)), hidden_chars: start };
}
