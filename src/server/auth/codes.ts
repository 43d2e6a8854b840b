import { digest, randomSecret } from "./digest.ts";

/** A sign-in link that nobody opens is good for an hour. */
const LIFETIME_MS = 60 * 60 * 1000;

/** One-time codes for sign-in links. Only their digests are kept, and only in memory: a restart ends them. */
export type Codes = {
  make(): { code: string; expires_at: string };
  /** Uses a code up; false when it is unknown, used or too old. */
  take(code: string): boolean;
};

export function createCodes(now: () => Date): Codes {
  const expiries = new Map<string, number>();

  function forgetExpired(): void {
    const time = now().getTime();
    for (const [hash, expiry] of expiries) if (expiry <= time) expiries.delete(hash);
  }

  return {
    make: () => {
      forgetExpired();
      const code = randomSecret();
      const expiry = now().getTime() + LIFETIME_MS;
      expiries.set(digest(code), expiry);
      return { code, expires_at: new Date(expiry).toISOString() };
    },
    take: (code) => {
      forgetExpired();
      return expiries.delete(digest(code));
    },
  };
}
