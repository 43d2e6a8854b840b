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

/** The host key of the data directory, made once and kept 0600, so that clients meet the same host at every start. */
export async function loadHostKey(
  dataDir: string,
  { generateKeyPairSync, parseKey }: typeof utils,
): Promise<HostKey> {
  const file = path.join(dataDir, "ssh_host_ed25519_key");
  const private_key =
    (await readKey(file)) ?? (await makeKey(dataDir, file, () => generateKeyPairSync("ed25519").private));
  await chmod(file, 0o600);
  const parsed = parseKey(private_key);
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

async function makeKey(dataDir: string, file: string, generate: () => string): Promise<string> {
  const key = generate();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(file, key, { mode: 0o600, flag: "wx" });
  return key;
}
