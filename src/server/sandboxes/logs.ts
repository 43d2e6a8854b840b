import { readFile } from "node:fs/promises";
import { isErrno } from "./errno.ts";
import type { SandboxLayout } from "./layout.ts";

const MAX_LINES = 10_000;

/** The newest lines of a sandbox's logs, oldest first: its setup, then its agent server. Secrets were masked on write. */
export async function newestLogLines(layout: SandboxLayout): Promise<string[]> {
  const files = [layout.setupLog, `${layout.agentLog}.1`, layout.agentLog];
  const texts = await Promise.all(files.map(readIfThere));
  return texts.flatMap((text) => text.split("\n").filter((line) => line !== "")).slice(-MAX_LINES);
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "";
    throw error;
  }
}
