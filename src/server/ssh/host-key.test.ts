import { writeFileSync } from "node:fs";
import path from "node:path";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { temporaryFolder } from "../sandboxes/test-local.ts";
import { loadHostKey } from "./host-key.ts";

test("a key that the library cannot read back is not kept", async () => {
  let made = 0;
  const generateKeyPairSync: typeof ssh2.utils.generateKeyPairSync = (type: "ed25519") => {
    made += 1;
    const pair = ssh2.utils.generateKeyPairSync(type);
    return made < 3 ? { ...pair, private: "-----BEGIN OPENSSH PRIVATE KEY-----\nbroken\n" } : pair;
  };
  const { parseKey } = ssh2.utils;
  const { private_key } = await loadHostKey(temporaryFolder(), { generateKeyPairSync, parseKey });
  expect(made).toBeGreaterThanOrEqual(3);
  expect(parseKey(private_key)).not.toBeInstanceOf(Error);
});

test("a file that holds no key is named", async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "ssh_host_ed25519_key"), "nothing");
  await expect(loadHostKey(folder, ssh2.utils)).rejects.toThrow(/ssh_host_ed25519_key is no private key/);
});
