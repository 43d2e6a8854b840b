import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAnsi, plainStyle, stripAnsi } from "./ansi.ts";

const esc = "\u001b";
const only = (text: string) => parseAnsi(text)[0]?.style;

describe("parseAnsi", () => {
  it("gives plain text one span", () => {
    expect(parseAnsi("hello\nthere")).toEqual([{ text: "hello\nthere", style: plainStyle }]);
    expect(parseAnsi("")).toEqual([]);
  });

  it("carries colours until they are reset", () => {
    expect(parseAnsi(`${esc}[31mred ${esc}[1mbold${esc}[0m plain`)).toEqual([
      { text: "red ", style: { ...plainStyle, fg: { index: 1 } } },
      { text: "bold", style: { ...plainStyle, fg: { index: 1 }, bold: true } },
      { text: " plain", style: plainStyle },
    ]);
  });

  it.each([
    ["[92m", { fg: { index: 10 } }],
    ["[44m", { bg: { index: 4 } }],
    ["[103m", { bg: { index: 11 } }],
    ["[38;5;9m", { fg: { index: 9 } }],
    ["[38;5;196m", { fg: { css: "rgb(255 0 0)" } }],
    ["[48;5;244m", { bg: { css: "rgb(128 128 128)" } }],
    ["[38;2;1;2;3;4m", { fg: { css: "rgb(1 2 3)" }, underline: true }],
    ["[38:2:1:2:3m", { fg: { css: "rgb(1 2 3)" } }],
    ["[38;2;999;2;3m", {}],
    ["[3;7;9m", { italic: true, inverse: true, strike: true }],
    ["[1;22m", {}],
    ["[999m", {}],
    ["[m", {}],
  ])("reads ESC%s", (sequence, style) => {
    expect(only(`${esc}${sequence}x`)).toEqual({ ...plainStyle, ...style });
  });

  it.each([
    ["cursor and erase", `a${esc}[2K${esc}[1;1Hb`, "ab"],
    ["window title", `${esc}]0;title\u0007text`, "text"],
    ["hyperlink", `${esc}]8;;http://x${esc}\\link${esc}]8;;${esc}\\`, "link"],
    ["device string", `a${esc}Pq#0${esc}\\b`, "ab"],
    ["charset", `${esc}(Bok`, "ok"],
    ["unfinished at the end", `ok${esc}[3`, "ok"],
    ["carriage return starts the line again", "one\n10%\r20%\r100%", "one\n100%"],
    ["windows line ends", "a\r\nb", "a\nb"],
    ["backspace", "ab\bc", "ac"],
    ["backspace stops at a line start", "a\n\bc", "a\nc"],
    ["return across styles", `${esc}[31mred${esc}[32mgreen\rx`, "x"],
  ])("%s", (_name, text, shown) => expect(stripAnsi(text)).toBe(shown));

  it("never lets an escape character through and keeps text without one", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const clean = text.replace(/[\r\b]/g, "");
        expect(stripAnsi(clean)).toBe(clean);
        expect(stripAnsi(`${esc}${text}`)).not.toContain(esc);
      }),
    );
  });
});
