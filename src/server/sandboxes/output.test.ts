import { readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { explainFailure } from "./failure-sentence.ts";
import { createLineSplitter } from "./lines.ts";
import { createOutputRelay } from "./output-relay.ts";
import { createRedactor, hideUrlCredentials } from "./redact.ts";
import { cloneFailure } from "./clone-repository.ts";
import { shellQuote } from "./mock-launcher.ts";
import { parsePs } from "./processes.ts";
import { outputOf, temporaryFolder } from "./test-local.ts";
import { execFileSync } from "node:child_process";

describe("masking", () => {
  it.each([
    [["abcdef"], "x abcdef y abcdef", "x ••• y •••"],
    [["abcd", "abcdef"], "abcdef", "•••"],
    [["yes"], "yes, short values stay", "yes, short values stay"],
    [["line one\nline two\n"], "found line two here", "found ••• here"],
    [[], "https://me:pw@host/x and ssh://git@host/y", "https://•••@host/x and ssh://git@host/y"],
    [[], "ssh://git:pw@host/y git@host:z", "ssh://•••@host/y git@host:z"],
  ])("of %j in %j", (secrets, line, masked) => {
    expect(createRedactor(secrets)(line)).toBe(masked);
  });

  it("never lets a secret of four or more characters through", () => {
    const secret = fc.stringMatching(/^[\w+/=-]{4,20}$/);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        expect(createRedactor([value])(`${before}${value}${after}`)).not.toContain(value);
      }),
    );
  });

  it("leaves URLs without credentials alone", () => {
    expect(hideUrlCredentials("https://host/a@b")).toBe("https://host/a@b");
  });
});

describe("lines", () => {
  it("are the same however the bytes are cut", () => {
    const text = fc.array(fc.constantFrom("a", "ü", "\n", "\r", "\r\n", "b")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.nat(3)), (whole, cuts) => {
        const split = (chunks: Buffer[]): string[] => {
          const lines: string[] = [];
          const splitter = createLineSplitter((line) => lines.push(line));
          for (const chunk of chunks) splitter.write(chunk);
          splitter.end();
          return lines;
        };
        const bytes = Buffer.from(whole);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of cuts) chunks.push(bytes.subarray(at, (at += size)));
        chunks.push(bytes.subarray(at));
        expect(split(chunks)).toEqual(split([bytes]));
      }),
    );
  });
});

describe("output of a script", () => {
  it("is sent at a pace a person can follow; the end is always sent, the file has all of it", async () => {
    const events: DomainEvent[] = [];
    const file = path.join(temporaryFolder(), "setup.log");
    const relay = createOutputRelay({
      file,
      redact: (line) => line,
      emit: (event) => events.push(event),
      now: () => 0,
    });
    for (let i = 0; i < 5000; i++) relay.write(Buffer.from(`line ${i}\n`), "stdout");
    await relay.end();
    const lines = outputOf(events);
    expect(lines).toHaveLength(221);
    expect(lines[200]).toBe("… 4780 lines left out; setup.log in the sandbox's folder has them");
    expect(lines.at(-1)).toBe("line 4999");
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(5001);
  });

  it("goes on after a flood, saying what is missing in between", async () => {
    const events: DomainEvent[] = [];
    let now = 0;
    const file = path.join(temporaryFolder(), "setup.log");
    const relay = createOutputRelay({
      file,
      redact: (line) => line,
      emit: (event) => events.push(event),
      now: () => now,
    });
    for (let i = 0; i < 300; i++) relay.write(Buffer.from("x\n"), "stderr");
    now = 1000;
    relay.write(Buffer.from("later\n"), "stderr");
    await relay.end();
    expect(outputOf(events).slice(200)).toEqual([expect.stringContaining("… 100 lines left out"), "later"]);
  });
});

describe("why a clone failed", () => {
  it.each([
    ["fatal: could not read Username for 'https://h': terminal prompts disabled", "needs a sign-in"],
    [
      "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.",
      "refused this machine's SSH key",
    ],
    ["fatal: unable to access 'https://h/': Could not resolve host: h", "cannot be found"],
    ["error: file write error: No space left on device", "The disk is full"],
    [
      "fatal: something else with https://a:b@h/x",
      "git could not clone https://•••@h/x.git: something else with https://•••@h/x",
    ],
    ["", "it gave no reason"],
  ])("%j", (output, sentence) => {
    const source = { url: "https://me:pw@h/x.git", branch: null, new_branch: null, folder: "." };
    expect(cloneFailure(output, source)).toContain(sentence);
  });
});

describe("an error of the operating system", () => {
  const errno = (code: string): Error => Object.assign(new Error(`${code}: raw`), { code, path: "/data/x" });

  it.each([
    [errno("ENOSPC"), "The disk is full: it ran out while copying. Free some space and try again."],
    [errno("EACCES"), "Sandbar has no permission for /data/x (while copying). Change it and try again."],
    [errno("EROFS"), "/data/x is on a read-only disk (while copying)."],
    [new DOMException("raw", "AbortError"), "It was cancelled while copying."],
    [new Error("odd"), "It failed while copying: odd"],
    [new BackendError("timeout", "as it is"), "as it is"],
  ])("%s is said in a sentence", (error, sentence) => {
    expect(explainFailure(error, "copying").message).toBe(sentence);
  });
});

describe("helpers", () => {
  it("quotes any word for the shell", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]*$/), (word) => {
        expect(execFileSync("sh", ["-c", `printf %s ${shellQuote(word)}`], { encoding: "utf8" })).toBe(word);
      }),
      { numRuns: 30 },
    );
  });

  it("reads the processes of a system without /proc", () => {
    const text =
      "    1     0     1 Ss   Sat Nov 21 03:00:00 2026\n   77     1    77 Z    Sat Nov 21 03:00:01 2026\n";
    expect(parsePs(text)).toEqual([
      { pid: 1, ppid: 0, pgid: 1, started: "Sat Nov 21 03:00:00 2026", marker: null },
    ]);
  });
});
