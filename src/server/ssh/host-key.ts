import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { utils } from "ssh2";
import { isErrno } from "../sandboxes/errno.ts";

export type HostKey = {
  /** In OpenSSH's own format. */
  private_key: string;
  /** As a line of `known_hosts` has it: `ssh-ed25519 AAAA…`. */
  public_key: string;
};

type KeyTools = Pick<typeof utils, "generateKeyPairSync" | "parseKey">;

/** The host key of the data directory, made once and kept 0600, so that clients meet the same host at every start. */
export async function loadHostKey(dataDir: string, tools: KeyTools): Promise<HostKey> {
  const file = path.join(dataDir, "ssh_host_ed25519_key");
  const private_key = (await readKey(file)) ?? (await makeKey(dataDir, file, tools));
  await chmod(file, 0o600);
  const parsed = tools.parseKey(private_key);
  if (parsed instanceof Error)
    throw new Error(`${file} is no private key; remove it to get a new one`, { cause: parsed });
  return { private_key, public_key: `${parsed.type} ${parsed.getPublicSSH().toString("base64")}` };
}

async function readKey(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

async function makeKey(dataDir: string, file: string, tools: KeyTools): Promise<string> {
  const key = generateKey(tools);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(file, key, { mode: 0o600, flag: "wx" });
  return key;
}

const MOST_TRIES = 20;

/** ssh2 1.17 writes some keys (about one in three hundred) in a form that it cannot read itself; those are not kept. */
function generateKey({ generateKeyPairSync, parseKey }: KeyTools): string {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { private: key } = generateKeyPairSync("ed25519");
    if (!(parseKey(key) instanceof Error)) return key;
  }
  throw new Error("no host key could be made");
}
