import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isErrno } from "./errno.ts";
import type { SandboxLayout } from "./layout.ts";
import { exists, linkOnce } from "./sign-ins.ts";

/** Where Codex keeps its sign-in and its settings, below `CODEX_HOME`. */
const SIGN_IN = "auth.json";
const SETTINGS = "config.toml";
/** Which of the vault's sign-ins `auth.json` began as. */
const ORIGIN = "origin";

/**
 * Puts a Codex sign-in (the text of an `auth.json`) into the sandbox's `CODEX_HOME`, readable by this user only, or with
 * null takes away the one that was there. What Codex made of the same sign-in since stays: it renews its tokens in the
 * file, and a refresh token works once. The user's own settings are linked beside it.
 */
export async function keepCodexSignIn(
  layout: SandboxLayout,
  sign_in: string | null,
  home: string | undefined,
): Promise<void> {
  const file = path.join(layout.codex, SIGN_IN);
  const origin = path.join(layout.codex, ORIGIN);
  if (sign_in === null) {
    await rm(file, { force: true });
    await rm(origin, { force: true });
    return;
  }
  await mkdir(layout.codex, { recursive: true, mode: 0o700 });
  const hash = createHash("sha256").update(sign_in).digest("hex");
  if ((await readIfThere(origin)) !== hash || !(await exists(file))) {
    await replaceFile(file, sign_in);
    await replaceFile(origin, hash);
  }
  const usersOwn = process.env.CODEX_HOME ?? (home && path.join(home, ".codex"));
  const settings = usersOwn && path.join(usersOwn, SETTINGS);
  if (settings && (await exists(settings))) await linkOnce(settings, path.join(layout.codex, SETTINGS));
}

const SHORTEST_TOKEN = 20;

/** The tokens and keys of a sign-in, to be masked in output. */
export function tokensOf(sign_in: string | null): string[] {
  const found: string[] = [];
  if (sign_in === null) return found;
  JSON.parse(sign_in, (_key, value: unknown) => {
    if (typeof value === "string" && value.length >= SHORTEST_TOKEN) found.push(value);
    return value;
  });
  return found;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
