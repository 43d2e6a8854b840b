import type { SshAccess, SshPort } from "#src/backends/backend.ts";
import { sshCommand } from "#src/backends/shared/ssh-command.ts";
import { type Api, sandboxPath } from "./api.ts";
import { Ignored, WireSsh } from "./wire.ts";

/** SSH access to a sandbox (spec 1.2). */
export function createSsh({ http }: Api): SshPort {
  return {
    async grant(sandbox_ref, signal) {
      return sshAccess(
        await http.json({ method: "POST", path: sandboxPath(sandbox_ref, "/ssh"), signal }, WireSsh),
      );
    },
    async revoke(sandbox_ref, token, signal) {
      const path = sandboxPath(sandbox_ref, "/ssh");
      await http.json({ method: "DELETE", path, body: { token }, private_body: true, signal }, Ignored);
    },
  };
}

export function sshAccess({
  ssh_destination,
  token,
  expires_at,
  repo_name,
  host_public_key,
}: WireSsh): SshAccess {
  return {
    destination: ssh_destination,
    command: sshCommand(ssh_destination),
    token,
    expires_at,
    directory: repo_name ?? null,
    host_key: host_public_key ?? null,
  };
}
