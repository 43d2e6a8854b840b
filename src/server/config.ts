import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isLoopback } from "./auth/host.ts";
import { type LogLevel, logLevels } from "./logger.ts";

/** How the server runs. */
export type Config = {
  host: string;
  /** 0: any free port. */
  port: number;
  data_dir: string;
  /** Open the page in a browser once it is served. */
  open: boolean;
  /** A turn whose agent says nothing for so long is ended as failed. */
  turn_silence_minutes: number;
  log_level: LogLevel;
  /** Names the server answers to besides its own (DNS rebinding). */
  allow_hosts: string[];
  /** SANDBAR_TOKEN: an access token given at start. Environment only: other users can read a command line. */
  token: string | null;
  /** SANDBAR_KEY: the vault's key. Environment only. */
  key: string | null;
};

/** What a command line comes to. Warnings are to be shown before the server starts. */
export type CommandLine =
  | { kind: "run"; config: Config; warnings: string[] }
  | { kind: "help"; text: string }
  | { kind: "version" }
  | { kind: "error"; message: string };

type Env = Readonly<Record<string, string | undefined>>;

const options = {
  host: { type: "string" },
  port: { type: "string" },
  "data-dir": { type: "string" },
  open: { type: "boolean" },
  "turn-silence": { type: "string" },
  "log-level": { type: "string" },
  "allow-host": { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

export const helpText = `Usage: npm start -- [options]

  --host ADDRESS      listen there (127.0.0.1)                              SANDBAR_HOST
  --port NUMBER       listen there; 0 is any free port (4270)               SANDBAR_PORT
  --data-dir FOLDER   keep everything there ($XDG_DATA_HOME/sandbar)        SANDBAR_DATA_DIR
  --open              open the page in a browser                            SANDBAR_OPEN=1
  --turn-silence MIN  end a turn after so many minutes without a word (60)  SANDBAR_TURN_SILENCE
  --log-level LEVEL   ${logLevels.join(", ")} (info)                SANDBAR_LOG_LEVEL
  --allow-host NAME   answer to this name too; may be given several times   SANDBAR_ALLOW_HOST=a,b
  --help, --version

From the environment only:
  SANDBAR_TOKEN       an access token for programs, at least 16 characters
  SANDBAR_KEY         the vault's key, 32 bytes as base64 or hexadecimal digits
`;

/** Reads a command line; a flag goes before its variable, a variable before the default. */
export function parseConfig(args: readonly string[], env: Env, home: string = homedir()): CommandLine {
  try {
    const flags = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
    if (flags.help) return { kind: "help", text: helpText };
    if (flags.version) return { kind: "version" };
    const config = toConfig(flags, env, home);
    return { kind: "run", config, warnings: warningsOf(config.host) };
  } catch (error) {
    if (!(error instanceof UsageError) && !isParseArgsError(error)) throw error;
    return { kind: "error", message: `${error.message}\nSee --help.` };
  }
}

class UsageError extends Error {}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

function toConfig(flags: Flags, env: Env, home: string): Config {
  return {
    host: flags.host ?? set(env.SANDBAR_HOST) ?? "127.0.0.1",
    port: parsePort(flags.port ?? set(env.SANDBAR_PORT) ?? "4270"),
    data_dir: resolve(flags["data-dir"] ?? set(env.SANDBAR_DATA_DIR) ?? defaultDataDir(env, home)),
    turn_silence_minutes: parseMinutes(flags["turn-silence"] ?? set(env.SANDBAR_TURN_SILENCE) ?? "60"),
    open: flags.open ?? parseFlag(set(env.SANDBAR_OPEN) ?? "0"),
    log_level: parseLevel(flags["log-level"] ?? set(env.SANDBAR_LOG_LEVEL) ?? "info"),
    allow_hosts: parseNames(flags["allow-host"]?.join(",") ?? env.SANDBAR_ALLOW_HOST ?? ""),
    token: parseToken(set(env.SANDBAR_TOKEN) ?? null),
    key: set(env.SANDBAR_KEY) ?? null,
  };
}

/** A variable that is set to nothing is not set. */
function set(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port (SANDBAR_PORT) takes a number from 0 to 65535, not ${JSON.stringify(text)}.`);
}

function parseMinutes(text: string): number {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (minutes >= 1 && minutes <= 10_080) return minutes;
  throw new UsageError("--turn-silence (SANDBAR_TURN_SILENCE) takes a number of minutes from 1 to 10080.");
}

function parseFlag(text: string): boolean {
  if (text === "0" || text === "false") return false;
  if (text === "1" || text === "true") return true;
  throw new UsageError(`SANDBAR_OPEN takes 1 or 0, not ${JSON.stringify(text)}.`);
}

function parseLevel(text: string): LogLevel {
  const level = logLevels.find((word) => word === text);
  if (level) return level;
  throw new UsageError(
    `--log-level (SANDBAR_LOG_LEVEL) takes ${logLevels.join(", ")}, not ${JSON.stringify(text)}.`,
  );
}

function parseToken(text: string | null): string | null {
  if (text === null || /^\S{16,}$/.test(text)) return text;
  throw new UsageError("SANDBAR_TOKEN takes at least 16 characters, without blanks.");
}

function parseNames(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function defaultDataDir(env: Env, home: string): string {
  return join(set(env.XDG_DATA_HOME) ?? join(home, ".local", "share"), "sandbar");
}

function warningsOf(host: string): string[] {
  if (isLoopback(host)) return [];
  return [
    `Sandbar listens on ${host}, so other machines can reach it. Whoever signs in can run commands here: let only a trusted network or a TLS proxy reach it.`,
  ];
}
