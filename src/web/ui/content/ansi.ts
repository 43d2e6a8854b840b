/** A colour of a terminal: one of its 16, or a fixed RGB value as CSS. */
export type AnsiColor = { index: number } | { css: string };

export type AnsiStyle = {
  fg: AnsiColor | null;
  bg: AnsiColor | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
};

export type AnsiSpan = { text: string; style: AnsiStyle };

export const plainStyle: AnsiStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** CSI, OSC, DCS/SOS/PM/APC strings, and the two-character escapes; an unfinished one at the end is dropped. */
const escape =
  // oxlint-disable-next-line no-control-regex -- escape sequences start with one
  /\u001b(?:\[([0-?]*)[ -/]*([@-~]|$)|\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[PX^_][^\u001b]*(?:\u001b\\|$)|[ -/]*[0-~]?)/g;

/**
 * Terminal output as styled spans. Understands SGR (16, 256 and true colours); other sequences do nothing. A carriage
 * return starts its line again, as a progress bar does; a backspace takes the character before it.
 */
export function parseAnsi(text: string): AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  let style = plainStyle;
  let from = 0;
  const source = text.replaceAll("\r\n", "\n");
  for (const match of source.matchAll(escape)) {
    push(spans, source.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === "m") style = applySgr(style, match[1] ?? "");
  }
  push(spans, source.slice(from), style);
  return spans;
}

/** The same output without its styling. */
export function stripAnsi(text: string): string {
  return parseAnsi(text)
    .map((span) => span.text)
    .join("");
}

function push(spans: AnsiSpan[], text: string, style: AnsiStyle): void {
  if (!text.includes("\r") && !text.includes("\b")) return append(spans, text, style);
  for (const piece of text.split(/([\r\b])/)) {
    if (piece === "\r") restartLine(spans);
    else if (piece === "\b") dropLast(spans);
    else append(spans, piece, style);
  }
}

function append(spans: AnsiSpan[], text: string, style: AnsiStyle): void {
  if (text === "") return;
  const last = spans.at(-1);
  if (last?.style === style) last.text += text;
  else spans.push({ text, style });
}

function restartLine(spans: AnsiSpan[]): void {
  for (let last = spans.at(-1); last; last = spans.at(-1)) {
    const lineStart = last.text.lastIndexOf("\n") + 1;
    last.text = last.text.slice(0, lineStart);
    if (lineStart > 0) return;
    spans.pop();
  }
}

function dropLast(spans: AnsiSpan[]): void {
  const last = spans.at(-1);
  if (!last || last.text.endsWith("\n")) return;
  last.text = last.text.slice(0, -1);
  if (last.text === "") spans.pop();
}

function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(at + 1));
      if (color) next = { ...next, [code === 38 ? "fg" : "bg"]: color };
      at += used;
    } else {
      next = applyCode(next, code);
    }
  }
  return next;
}

const switches: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: plainStyle,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  const change = switches[code];
  if (change) return code === 0 ? plainStyle : { ...style, ...change };
  if (code >= 30 && code <= 37) return { ...style, fg: { index: code - 30 } };
  if (code >= 90 && code <= 97) return { ...style, fg: { index: code - 82 } };
  if (code >= 40 && code <= 47) return { ...style, bg: { index: code - 40 } };
  if (code >= 100 && code <= 107) return { ...style, bg: { index: code - 92 } };
  return style;
}

/** What follows 38 or 48: `5;n` of the 256 colours or `2;r;g;b`; `used` is how many codes belonged to it. */
function extendedColor(codes: readonly number[]): { color: AnsiColor | null; used: number } {
  if (codes[0] === 5) return { color: paletteColor(codes[1] ?? 0), used: 2 };
  if (codes[0] === 2) {
    const [red = 0, green = 0, blue = 0] = codes.slice(1, 4);
    return { color: rgb(red, green, blue), used: 4 };
  }
  return { color: null, used: codes.length };
}

function paletteColor(index: number): AnsiColor | null {
  if (!(index >= 0 && index <= 255)) return null;
  if (index < 16) return { index };
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return rgb(grey, grey, grey);
  }
  const cube = index - 16;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function rgb(red: number, green: number, blue: number): AnsiColor | null {
  const inRange = [red, green, blue].every((part) => part >= 0 && part <= 255);
  return inRange ? { css: `rgb(${red} ${green} ${blue})` } : null;
}
