import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits for a code, a cookie or a token. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a secret. It has 256 random bits, so a fast hash is enough. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares two digests in constant time. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
