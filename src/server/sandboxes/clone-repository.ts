import path from "node:path";
import { BackendError } from "#src/backends/backend-error.ts";
import type { GitSource } from "./git-source.ts";
import { hideUrlCredentials } from "./redact.ts";
import { type OutputStream, runCommand } from "./run-command.ts";

export type CloneContext = {
  files: string;
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer, stream: OutputStream) => void;
};

const CLONE_TIMEOUT_MS = 30 * 60_000;
const KEPT_OUTPUT = 16_000;

/**
 * Clones with the `git` program, which never asks anybody: no terminal prompt, no ssh question.
 *
 * @throws BackendError whose message says in one sentence why git could not, without credentials.
 */
export async function cloneRepository(source: GitSource, context: CloneContext): Promise<void> {
  const folder = path.join(context.files, source.folder);
  const branch = source.branch === null ? [] : [`--branch=${source.branch}`];
  await git(["clone", ...branch, "--", source.url, folder], source, context);
  if (source.new_branch !== null)
    await git(["-C", folder, "switch", "--create", source.new_branch], source, context);
}

async function git(args: string[], source: GitSource, context: CloneContext): Promise<void> {
  let output = "";
  const { exit_code, timed_out } = await runCommand({
    command: "git",
    args,
    cwd: context.files,
    env: {
      GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
      ...context.env,
      GIT_TERMINAL_PROMPT: "0",
      GIT_ALLOW_PROTOCOL: "https:http:ssh:git:file",
      // The sentences below are found by git's own English words.
      LC_ALL: "C",
    },
    timeout_ms: CLONE_TIMEOUT_MS,
    signal: context.signal,
    onOutput(chunk, stream) {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
      context.onOutput(chunk, stream);
    },
  });
  if (timed_out) throw new BackendError("timeout", `Cloning ${shown(source)} took more than 30 minutes.`);
  if (exit_code !== 0) throw new BackendError("upstream_error", cloneFailure(output, source));
}

const shown = ({ url }: GitSource): string => hideUrlCredentials(url);

/** Why git failed, in one sentence for people, from what it printed. */
export function cloneFailure(output: string, source: GitSource): string {
  const url = shown(source);
  const known: [RegExp, string][] = [
    [/No space left on device/i, `The disk is full: it ran out while cloning ${url}.`],
    [/Remote branch .* not found/i, `${url} has no branch "${source.branch}".`],
    [/could not resolve host/i, `The host of ${url} cannot be found; check the URL and the network.`],
    [
      /host key verification failed/i,
      `The host key of ${url} is not known; connect once with ssh to accept it.`,
    ],
    [
      /permission denied \(publickey/i,
      `${url} refused this machine's SSH key; add the key there or use https.`,
    ],
    [
      /could not read (username|password)|authentication failed|terminal prompts disabled|returned error: 40[13]/i,
      `${url} needs a sign-in; use a URL this machine has access to, or set up a git credential helper.`,
    ],
    [
      /connection refused|timed out|failed to connect/i,
      `The host of ${url} does not answer; check the network.`,
    ],
    [
      /repository .*not found|does not exist|does not appear to be a git repository/i,
      `There is no repository at ${url}, or this machine may not see it.`,
    ],
  ];
  const match = known.find(([pattern]) => pattern.test(output));
  if (match) return match[1];
  const fatal = output.split("\n").findLast((line) => /^(fatal|error):/.test(line));
  return `git could not clone ${url}: ${hideUrlCredentials(fatal?.replace(/^\w+: /, "") ?? "it gave no reason")}`;
}
