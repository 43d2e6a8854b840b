import type { Context } from "hono";
import type { ResponseOf } from "#src/contract/routes.ts";
import type { Actor } from "#src/domain/request.ts";
import { ApiError } from "../errors.ts";
import {
  deleteSignIn,
  deleteSignInsBefore,
  findSignInByHash,
  insertSignIn,
  touchSignIn,
} from "../store/sign-ins.ts";
import type { Store } from "../store/open.ts";
import { findTokenByHash, insertToken, listTokenRows, revokeToken, touchToken } from "../store/tokens.ts";
import { clientName } from "./client-name.ts";
import { createCodes } from "./codes.ts";
import { COOKIE_DAYS, readCookie, signInCookie, signOutCookie } from "./cookie.ts";
import { digest, randomSecret, sameDigest } from "./digest.ts";
import { createLimiter } from "./limiter.ts";
import { remoteAddress } from "./remote-address.ts";

/** Who calls, and by what; the credential's end is the end of everything it opened. */
export type Identity = { actor: Actor; credential_id: string };

type AccessToken = ResponseOf<"GET /tokens">[number];

export type AuthOptions = {
  store: Store;
  now: () => Date;
  newId: () => string;
  /** What the person at the browser is called: their name on this machine. */
  user_name: string;
  /** Tokens given at start, by name: `environment` (SANDBAR_TOKEN) and `command line` (that of `server.json`). */
  given_tokens: Readonly<Record<string, string>>;
};

/** Sign-in links, cookies and access tokens (design §6). Only digests are stored. */
export type Auth = {
  /** A new one-time code for a sign-in link. */
  newCode(): { code: string; expires_at: string };
  /** Trades a code for the `Set-Cookie` of a browser; null when the code is wrong, used or too old. */
  signIn(code: string, context: Context): Promise<string | null>;
  /** Forgets the browser, ends its streams, and gives the `Set-Cookie` that removes the cookie. */
  signOut(context: Context): Promise<string>;
  listTokens(): Promise<AccessToken[]>;
  /** The one time that a token's value leaves the server. */
  createToken(name: string): Promise<AccessToken & { token: string }>;
  /** Ends the token and its streams at once; false when there is none. */
  revokeToken(id: string): Promise<boolean>;
  /** Who the request comes from; null when its cookie or token is absent or not valid. Throws 429 for too many tries. */
  identify(context: Context): Promise<Identity | null>;
  /** Aborts when the token is revoked or the browser signs out. */
  endOf(credential_id: string): AbortSignal;
};

const PREFIX_LENGTH = 8;
const TOUCH_MS = 60_000;

export function createAuth({ store, now, newId, user_name, given_tokens }: AuthOptions): Auth {
  const { db } = store;
  const codes = createCodes(now);
  const limiter = createLimiter(now);
  const ends = new Map<string, AbortController>();
  const given = Object.entries(given_tokens).map(([name, token]) => ({ name, hash: digest(token) }));
  const at = () => now().toISOString();

  function end(credential_id: string): void {
    ends.get(credential_id)?.abort();
    ends.delete(credential_id);
  }

  function refuse(context: Context): null {
    const wait_s = limiter.fail(remoteAddress(context));
    if (wait_s === null) return null;
    const message = `Too many failed attempts. Wait ${wait_s} s and try again.`;
    throw new ApiError(429, "rate_limited", message, undefined, { "retry-after": String(wait_s) });
  }

  /** Whether `last_used_at` is old enough to be written again: it tells minutes, and a write costs a commit. */
  function isDue(last_used_at: string | null): boolean {
    return last_used_at === null || now().getTime() - Date.parse(last_used_at) >= TOUCH_MS;
  }

  function identity(credential_id: string, name: string, context: Context): Identity {
    return { credential_id, actor: { name, client: clientName(context.req.header("user-agent")) } };
  }

  async function byToken(token: string, context: Context): Promise<Identity | null> {
    const hash = digest(token);
    const own = given.find((candidate) => sameDigest(candidate.hash, hash));
    if (own) return identity(own.name, own.name, context);
    const row = await findTokenByHash(db, hash);
    if (!row) return refuse(context);
    if (isDue(row.last_used_at)) await touchToken(db, row.id, at());
    return identity(row.id, row.name, context);
  }

  /** A cookie that is not valid any more is no attack: the page has just not noticed yet. */
  async function byCookie(value: string, context: Context): Promise<Identity | null> {
    const row = await findSignInByHash(db, digest(value));
    if (!row || row.created_at < oldestSignIn()) return null;
    if (isDue(row.last_used_at)) await touchSignIn(db, row.id, at());
    return identity(row.id, row.name, context);
  }

  function oldestSignIn(): string {
    return new Date(now().getTime() - COOKIE_DAYS * 24 * 60 * 60 * 1000).toISOString();
  }

  return {
    newCode: codes.make,
    signIn: async (code, context) => {
      if (!codes.take(code)) return refuse(context);
      const value = randomSecret();
      await deleteSignInsBefore(db, oldestSignIn());
      const row = { id: newId(), hash: digest(value), name: user_name, created_at: at(), last_used_at: null };
      await insertSignIn(db, row);
      return signInCookie(value, context);
    },
    signOut: async (context) => {
      const value = readCookie(context);
      const row = value === null ? null : await findSignInByHash(db, digest(value));
      if (row) {
        await deleteSignIn(db, row.id);
        end(row.id);
      }
      return signOutCookie(context);
    },
    listTokens: async () =>
      (await listTokenRows(db)).map(({ hash: _hash, revoked_at: _revoked, ...token }) => token),
    createToken: async (name) => {
      const token = `sbr_${randomSecret()}`;
      const shown = {
        id: newId(),
        name,
        prefix: token.slice(0, PREFIX_LENGTH),
        created_at: at(),
        last_used_at: null,
      };
      await insertToken(db, { ...shown, hash: digest(token), revoked_at: null });
      return { ...shown, token };
    },
    revokeToken: async (id) => {
      const revoked = await revokeToken(db, id, at());
      if (revoked) end(id);
      return revoked;
    },
    identify: (context) => {
      const token = readToken(context);
      if (token !== null) return byToken(token, context);
      const cookie = readCookie(context);
      return cookie === null ? Promise.resolve(null) : byCookie(cookie, context);
    },
    endOf: (credential_id) => {
      const controller = ends.get(credential_id) ?? new AbortController();
      ends.set(credential_id, controller);
      return controller.signal;
    },
  };
}

/**
 * `Authorization: Bearer K`, else `X-API-Key: K` (Sessions API, section 1); `Token K` and the password of `Basic` are
 * what clients of Sandbox Agent send.
 */
export function readToken({ req }: Context): string | null {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)$/.exec(req.header("authorization") ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
    case "token":
      return value;
    case "basic":
      // Without a colon the whole of it is the token.
      return Buffer.from(value, "base64")
        .toString()
        .replace(/^[^:]*:/, "");
    default:
      return req.header("x-api-key") ?? null;
  }
}
