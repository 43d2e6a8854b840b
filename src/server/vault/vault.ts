import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { VaultError } from "./vault-error.ts";

/**
 * Seals values with AES-256-GCM (design §6). A sealed value is `v1.<key id>.<iv, tag and ciphertext as base64url>`; it
 * opens only in the place it was sealed for, so a row's value cannot be moved to another row.
 */
export type Vault = {
  /** Seals a value for a place: table and id, as `secrets/3f2a…`. */
  seal(value: string, place: string): string;
  /** Throws `VaultError`: `wrong_key` when none of the keys sealed it, `damaged` when it or its place was changed. */
  open(sealed: string, place: string): string;
  /** Whether another key than the current one sealed it, so that a rotation should seal it anew. */
  isStale(sealed: string): boolean;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;
const form = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;

/** A vault whose first key seals; the others still open what they sealed. */
export function createVault(keys: readonly Buffer[]): Vault {
  const current = keys[0];
  if (!current) throw new VaultError("bad_key", "The vault needs a key.");
  const current_id = keyId(current);
  const byId = new Map(keys.map((key) => [keyId(key), key]));

  return {
    seal: (value, place) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current, iv).setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
      const body = Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url");
      return `v1.${current_id}.${body}`;
    },
    open: (sealed, place) => {
      const [key_id, body] = parse(sealed);
      const key = byId.get(key_id);
      if (!key) {
        const known = [...byId.keys()].join(", ");
        throw new VaultError(
          "wrong_key",
          `A value of ${place} was sealed with the key ${key_id}, and this server has ${known}. Put the right key into SANDBAR_KEY or the data directory's key file.`,
        );
      }
      return decrypt(key, body, place);
    },
    isStale: (sealed) => parse(sealed)[0] !== current_id,
  };
}

function parse(sealed: string): [key_id: string, body: Buffer] {
  const [, key_id, body] = form.exec(sealed) ?? [];
  if (!key_id || !body) throw damaged("a value");
  return [key_id, Buffer.from(body, "base64url")];
}

function decrypt(key: Buffer, body: Buffer, place: string): string {
  try {
    const iv = body.subarray(0, IV_BYTES);
    const tag = body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
    const text = decipher.update(body.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    // The cause tells nothing that `damaged` does not, and nothing of the value may get into a log.
    throw damaged(place);
  }
}

function damaged(place: string): VaultError {
  return new VaultError(
    "damaged",
    `The sealed value of ${place} is damaged or belongs elsewhere. Enter the value again.`,
  );
}

/** Names a key without giving it away. */
function keyId(key: Buffer): string {
  return createHash("sha256").update("sandbar key id").update(key).digest("hex").slice(0, 8);
}
