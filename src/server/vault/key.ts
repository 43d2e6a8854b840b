import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { VaultError } from "./vault-error.ts";

const KEY_BYTES = 32;

/**
 * The vault's keys: those of `SANDBAR_KEY`, else the one of `<data-dir>/key`, which is made when absent (0600). Several
 * keys, separated by commas, are a rotation: the first seals, all of them open. Throws `VaultError` for anything that
 * is no key; the message never holds it.
 */
export function loadKeys(data_dir: string, given: string | null): Buffer[] {
  if (given !== null) return parseKeys(given, "SANDBAR_KEY");
  const file = join(data_dir, "key");
  const text = readKeyFile(file) ?? makeKeyFile(file);
  return parseKeys(text, file);
}

function parseKeys(text: string, source: string): Buffer[] {
  return text.split(",").map((part) => {
    const key = parseKey(part.trim());
    if (key) return key;
    throw new VaultError(
      "bad_key",
      `${source} is not a key: it takes ${KEY_BYTES} bytes as base64 or hexadecimal digits.`,
    );
  });
}

function parseKey(text: string): Buffer | null {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, "hex");
  if (!/^[A-Za-z0-9+/_-]+=*$/.test(text)) return null;
  const key = Buffer.from(text, "base64");
  return key.length === KEY_BYTES ? key : null;
}

function readKeyFile(file: string): string | null {
  try {
    const text = readFileSync(file, "utf8");
    chmodSync(file, 0o600);
    return text.trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new VaultError(
      "bad_key",
      `The key file ${file} cannot be read. Check its owner and permissions.`,
      error,
    );
  }
}

/** Whole or not at all: the file gets its name only when the key is on the disk, and never replaces another. */
function makeKeyFile(file: string): string {
  const key = randomBytes(KEY_BYTES).toString("base64");
  const unfinished = `${file}.${process.pid}`;
  try {
    rmSync(unfinished, { force: true });
    const handle = openSync(unfinished, "wx", 0o600);
    try {
      writeSync(handle, `${key}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    linkSync(unfinished, file);
  } catch (error) {
    throw new VaultError(
      "bad_key",
      `The key file ${file} cannot be made. Check that its folder may be written.`,
      error,
    );
  } finally {
    rmSync(unfinished, { force: true });
  }
  return key;
}
