import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "./run-command.ts";
import { countFiles } from "./search-files.ts";

/** What a delete would lose of a sandbox's folder. */
export type Impact = { changed_files: string[]; file_count: number | null };

const MAX_CHANGED = 500;
const GIT_TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 1024 * 1024;

/**
 * The uncommitted files, and those of commits that no remote has, of each git checkout in the folder (itself or
 * one level below), and how many files there are at all (null when too many to count).
 */
export async function folderImpact(
  files: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Impact> {
  const changed = new Set<string>();
  for (const checkout of await checkoutsIn(files)) {
    const below = path.relative(files, checkout);
    for (const file of await unsavedFiles(checkout, env, signal)) changed.add(path.join(below, file));
  }
  return { changed_files: [...changed].slice(0, MAX_CHANGED), file_count: await countFiles(files, signal) };
}

async function checkoutsIn(files: string): Promise<string[]> {
  const entries = await readdir(files, { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(files, entry.name));
  const candidates = [files, ...below];
  const marked = await Promise.all(candidates.map((folder) => exists(path.join(folder, ".git"))));
  return candidates.filter((_, index) => marked[index]);
}

async function unsavedFiles(
  folder: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string[]> {
  const git = (...args: string[]): Promise<string> => gitOutput(folder, args, env, signal);
  const [status, remotes] = await Promise.all([
    git("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"),
    git("remote"),
  ]);
  const uncommitted = split(status).map((entry) => entry.slice(3));
  // Without a remote every commit is unpushed; listing the whole history would hide what is new.
  if (remotes.trim() === "") return uncommitted;
  const unpushed = split(
    await git("log", "--format=", "--name-only", "-z", "--branches", "--not", "--remotes"),
  );
  return [...uncommitted, ...unpushed];
}

const split = (output: string): string[] => output.split("\0").filter((entry) => entry !== "");

/** A repository that git cannot read has nothing to report: empty. */
async function gitOutput(
  cwd: string,
  args: string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { exit_code } = await runCommand({
    command: "git",
    // The checkout is the agent's: its file monitor and hooks have no part in this.
    args: ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", ...args],
    cwd,
    env: { ...env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
    timeout_ms: GIT_TIMEOUT_MS,
    signal,
    onOutput(chunk, stream) {
      if (stream === "stderr" || size > MAX_OUTPUT) return;
      size += chunk.length;
      chunks.push(chunk);
    },
  });
  return exit_code === 0 ? Buffer.concat(chunks).toString() : "";
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
