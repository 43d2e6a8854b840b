import type { SshPort } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { sshCommand } from "#src/backends/shared/ssh-command.ts";
import { Ignored, SshAnswer } from "./wire.ts";

/** SSH access to a sandbox of another Sandbar; the API itself has none. */
export function createSsh(http: Http): SshPort {
  const pathOf = (ref: string): string => `/sandboxes/${encodeURIComponent(ref)}/ssh`;
  return {
    async grant(sandbox_ref, signal) {
      const access = await http.json({ method: "POST", path: pathOf(sandbox_ref), signal }, SshAnswer);
      return { ...access, command: sshCommand(access.destination) };
    },
    async revoke(sandbox_ref, token, signal) {
      const body = { token };
      await http.json(
        { method: "DELETE", path: pathOf(sandbox_ref), body, private_body: true, signal },
        Ignored,
      );
    },
  };
}
