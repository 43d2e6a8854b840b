import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { Backend } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatElapsed, formatExact } from "#src/lib/format.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import {
  grantSshMutation,
  revokeSshMutation,
  sshAccessQuery,
  type SshAccess,
} from "#src/web/api/queries/sandboxes.ts";
import { Button } from "#src/web/ui/button.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { useNow } from "#src/web/ui/now.ts";
import { toast } from "#src/web/ui/toast.tsx";

type SshPanelProps = { sandbox: Sandbox; backend: Backend | undefined };

/** SSH access for a while: grant, copy the command, revoke. */
export function SshPanel({ sandbox, backend }: SshPanelProps) {
  const { data: access } = useQuery(sshAccessQuery(sandbox.id));
  const grant = useMutation(grantSshMutation);
  if (backend && !backend.capabilities.sandboxes.ssh) {
    return (
      <p className="text-muted">
        {backend.capabilities.notes["sandboxes.ssh"] ?? "Its backend gives no SSH access."}
      </p>
    );
  }
  const handleGrant = () =>
    grant.mutate(sandbox.id, {
      onError: (error) => toast.error(failureTitle(error, "SSH access was not granted"), messageOf(error)),
    });
  const open = sandboxCan.ssh(sandbox, backend?.capabilities);
  return (
    <div className="flex flex-col gap-2">
      {access && <Granted access={access} sandbox={sandbox} />}
      {!access && (
        <p className="text-muted">
          {open
            ? "Access ends by itself. Its command holds the token, so it is shown only while this page is open."
            : "Start the sandbox to grant access to it."}
        </p>
      )}
      <Button
        className="self-start"
        icon={<KeyRound size={14} aria-hidden />}
        onClick={handleGrant}
        busy={grant.isPending}
        disabled={!open}
      >
        {access ? "Grant again" : "Grant SSH access"}
      </Button>
    </div>
  );
}

function Granted({ access, sandbox }: { access: SshAccess; sandbox: Sandbox }) {
  const now = useNow("fast");
  const revoke = useMutation(revokeSshMutation);
  const left = Date.parse(access.expires_at) - now;
  if (left <= 0) return <p className="text-muted">The access expired on {formatExact(access.expires_at)}.</p>;
  const handleRevoke = () =>
    revoke.mutate(
      { sandbox_id: sandbox.id, token: access.token },
      {
        onSuccess: () => toast.success("SSH access was revoked"),
        onError: (error) => toast.error(failureTitle(error, "SSH access was not revoked"), messageOf(error)),
      },
    );
  return (
    <div className="flex flex-col gap-2 rounded-control border border-border bg-surface p-2">
      <div className="flex items-start gap-1">
        <code className="min-w-0 flex-1 font-mono break-all">{access.command}</code>
        <CopyButton text={access.command} label="Copy command" />
      </div>
      {access.host_key && (
        <p className="text-xs break-all text-faint">
          Host key: <code className="font-mono">{access.host_key}</code>
        </p>
      )}
      <div className="flex items-center gap-2 text-xs text-muted">
        <span className="flex-1">Ends in {formatElapsed(left)}</span>
        <Button size="sm" onClick={handleRevoke} busy={revoke.isPending}>
          Revoke
        </Button>
      </div>
    </div>
  );
}
