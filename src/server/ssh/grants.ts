import { randomBytes } from "node:crypto";
import { digest } from "../auth/digest.ts";
import type { Schedule } from "../events/schedule.ts";

/** How long a grant lasts, in ms. */
export const GRANT_MS = 60 * 60 * 1000;

/** Leave to enter one sandbox; what was opened with it ends with it. */
export type Grant = {
  readonly sandbox_ref: string;
  readonly expires_at: number;
  readonly connections: Set<{ end(): void }>;
};

/** Grants live in memory only: a restart of Sandbar ends all of them. Tokens are kept as digests. */
export type Grants = {
  issue(sandbox_ref: string): { token: string; expires_at: number };
  /** The grant that a token gives now; null when there is none, or not any more. */
  find(token: string): Grant | null;
  /** Ends a grant of this sandbox and its connections; nothing when it is none. */
  revoke(sandbox_ref: string, token: string): void;
  /** Ends every grant of a sandbox, or of all. */
  revokeAll(sandbox_ref?: string): void;
};

export function createGrants({ now, schedule }: { now: () => number; schedule: Schedule }): Grants {
  const grants = new Map<string, Grant & { cancel: () => void }>();

  function end(key: string): void {
    const grant = grants.get(key);
    grants.delete(key);
    grant?.cancel();
    for (const connection of grant?.connections ?? []) connection.end();
  }

  return {
    issue(sandbox_ref) {
      // A user name that began with a hyphen would be read as an option of ssh.
      const token = `ssh_${randomBytes(24).toString("base64url")}`;
      const key = digest(token);
      const expires_at = now() + GRANT_MS;
      const cancel = schedule(() => end(key), GRANT_MS);
      grants.set(key, { sandbox_ref, expires_at, connections: new Set(), cancel });
      return { token, expires_at };
    },
    find(token) {
      const grant = grants.get(digest(token));
      return grant && grant.expires_at > now() ? grant : null;
    },
    revoke(sandbox_ref, token) {
      const key = digest(token);
      if (grants.get(key)?.sandbox_ref === sandbox_ref) end(key);
    },
    revokeAll(sandbox_ref) {
      for (const [key, grant] of grants)
        if (sandbox_ref === undefined || grant.sandbox_ref === sandbox_ref) end(key);
    },
  };
}
