import { useMutation } from "@tanstack/react-query";
import { Pause, Play, RefreshCw, Unplug } from "lucide-react";
import { useNavigate } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { formatPlural } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import {
  checkBackendMutation,
  removeBackendMutation,
  updateBackendMutation,
} from "#src/web/api/queries/backends.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { confirmAction } from "#src/web/ui/confirm.tsx";
import { toast } from "#src/web/ui/toast.tsx";

/** Check, pause, resume and remove. The backend of this machine is built in: it is only checked. */
export function BackendActions({ backend }: { backend: Backend }) {
  const navigate = useNavigate();
  const check = useMutation(checkBackendMutation);
  const update = useMutation(updateBackendMutation);
  const removal = useMutation(removeBackendMutation);
  const paused = backend.state === "paused";

  const remove = async () => {
    const confirmed = await confirmAction({
      title: `Remove ${backend.name}?`,
      body: `Its ${formatPlural(backend.sandbox_count, "sandbox", "sandboxes")} keep running there, out of Sandbar's sight. The recorded sessions stay readable. To connect it again you need its token.`,
      action: "Remove backend",
      danger: true,
    });
    if (!confirmed) return;
    try {
      await removal.mutateAsync(backend.id);
      toast.success(`${backend.name} was removed`);
      void navigate(paths.backends());
    } catch (error) {
      toast.error(`${backend.name} was not removed`, messageOf(error));
    }
  };
  const fail = (what: string) => (error: Error) =>
    toast.error(`${backend.name} was not ${what}`, messageOf(error));

  return (
    <div className="flex flex-wrap items-center gap-2 max-sm:w-full sm:ml-auto">
      <Button
        icon={<RefreshCw size={14} aria-hidden />}
        busy={check.isPending}
        disabled={paused}
        onClick={() => check.mutate(backend.id, { onError: fail("checked") })}
      >
        Check now
      </Button>
      {backend.url !== null && (
        <>
          <Button
            icon={paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
            busy={update.isPending}
            onClick={() =>
              update.mutate(
                { backend_id: backend.id, paused: !paused },
                { onError: fail(paused ? "resumed" : "paused") },
              )
            }
          >
            {paused ? "Resume" : "Pause"}
          </Button>
          <Button
            icon={<Unplug size={14} aria-hidden />}
            busy={removal.isPending}
            onClick={() => void remove()}
          >
            Remove…
          </Button>
        </>
      )}
    </div>
  );
}
