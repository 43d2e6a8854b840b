import { once } from "node:events";
import type { Server } from "ssh2";
import type { SshAccess } from "#src/backends/backend.ts";
import type { Schedule } from "../events/schedule.ts";
import { type Place, serveConnection } from "./connection.ts";
import { createGrants } from "./grants.ts";
import { loadHostKey } from "./host-key.ts";

export type SshConfig = {
  dataDir: string;
  now: () => number;
  schedule: Schedule;
  /** Where a sandbox's sessions run; null when it does not run. */
  placeOf: (sandbox_ref: string) => Place | null;
};

/** SSH into local sandboxes, on a loopback port of the system's choice that opens with the first grant. */
export type SshServer = {
  /** Access for an hour; the folder it shows is `directory`. */
  grant(sandbox_ref: string, directory: string): Promise<SshAccess>;
  revoke(sandbox_ref: string, token: string): void;
  /** The sandbox stops or goes: every grant to it ends, with what was opened. */
  drop(sandbox_ref: string): void;
  close(): Promise<void>;
};

type Listening = { server: Server; port: number; public_key: string };

export function createSshServer({ dataDir, now, schedule, placeOf }: SshConfig): SshServer {
  const grants = createGrants({ now, schedule });
  let listening: Promise<Listening> | null = null;

  async function listen(): Promise<Listening> {
    // Loaded with the first grant: most starts of Sandbar never need it.
    const { default: ssh2 } = await import("ssh2");
    const { private_key, public_key } = await loadHostKey(dataDir, ssh2.utils);
    const server = new ssh2.Server(
      { hostKeys: [private_key], ident: "Sandbar", keepaliveInterval: 30_000 },
      (client) => serveConnection(client, { find: grants.find, placeOf }),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("the SSH server has no address");
    return { server, port: address.port, public_key };
  }

  return {
    async grant(sandbox_ref, directory) {
      listening ??= listen();
      // A failed start is tried again with the next grant.
      listening.catch(() => {
        listening = null;
      });
      const { port, public_key } = await listening;
      const { token, expires_at } = grants.issue(sandbox_ref);
      const destination = `-p ${port} ${token}@127.0.0.1`;
      return {
        destination,
        command: `ssh ${destination}`,
        token,
        expires_at: new Date(expires_at).toISOString(),
        directory,
        host_key: public_key,
      };
    },
    revoke: grants.revoke,
    drop: grants.revokeAll,
    async close() {
      grants.revokeAll();
      const open = await listening?.catch(() => null);
      listening = null;
      if (!open) return;
      const closed = once(open.server, "close");
      open.server.close();
      await closed;
    },
  };
}
