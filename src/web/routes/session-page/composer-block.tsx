import { useMutation } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Session } from "#src/domain/session.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { controlSandboxMutation } from "#src/web/api/queries/sandboxes.ts";
import { updateSessionMutation } from "#src/web/api/queries/sessions.ts";
import type { Block } from "#src/web/features/composer/block.logic.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { toast } from "#src/web/ui/toast.tsx";

const labels = {
  restore: "Restore session",
  reopen: "Reopen session",
  start: "Start sandbox",
  resume: "Resume sandbox",
};

/** In place of the composer's field: why nothing can be sent, and the button that changes it. */
export function ComposerBlock({ session, block }: { session: Session; block: Block }) {
  const onError = (error: Error) => toast.error(failureTitle(error, "That did not work"), messageOf(error));
  const update = useMutation({ ...updateSessionMutation, onError });
  const control = useMutation({ ...controlSandboxMutation, onError });
  const { id: session_id, sandbox_id } = session;
  const { fix } = block;
  const fixIt = () => {
    switch (fix) {
      case "restore":
        return update.mutate({ session_id, archived: false });
      case "reopen":
        return update.mutate({ session_id, state: "active" });
      case "start":
      case "resume":
        return control.mutate({ sandbox_id, action: fix });
      case null:
        return;
      default:
        return fix satisfies never;
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-3 px-3 pt-2.5 pb-1">
      <p className="min-w-0 flex-1 basis-60 text-muted">{visibleText(block.reason)}</p>
      {fix ? (
        <Button size="sm" variant="primary" busy={update.isPending || control.isPending} onClick={fixIt}>
          {labels[fix]}
        </Button>
      ) : (
        <Link to={paths.sandbox({ sandbox_id })} className="text-accent hover:underline">
          See the sandbox
        </Link>
      )}
    </div>
  );
}
