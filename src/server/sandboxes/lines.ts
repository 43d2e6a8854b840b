import { StringDecoder } from "node:string_decoder";

/** A line without an end is handed on in pieces of this many characters. */
const LONGEST_LINE = 64 * 1024;

export type LineSplitter = { write(chunk: Buffer): void; end(): void };

/** Cuts a stream of bytes into lines; a lone carriage return (a progress bar) ends a line too. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";

  function take(text: string): void {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST_LINE) flush();
  }

  function flush(): void {
    const line = rest.replace(/\r$/, "");
    rest = "";
    if (line) onLine(line);
  }

  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      flush();
    },
  };
}
