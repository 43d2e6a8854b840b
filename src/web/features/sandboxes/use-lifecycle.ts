import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { controlSandboxMutation, deleteSandboxMutation } from "#src/web/api/queries/sandboxes.ts";
import { toast } from "#src/web/ui/toast.tsx";
import { confirmDelete, confirmStop } from "./confirm-loss.tsx";
import type { LifecycleAction } from "./lifecycle.logic.ts";

export type Lifecycle = {
  /** What was asked for here and has not been answered yet; the sandbox's own state tells the rest. */
  asked: LifecycleAction | "delete" | null;
  run: (action: LifecycleAction) => void;
  remove: () => void;
};

/** The lifecycle of one sandbox: asks where something would be lost, and says what failed. */
export function useLifecycle(sandbox: Sandbox, onDeleted?: () => void): Lifecycle {
  const queryClient = useQueryClient();
  const control = useMutation(controlSandboxMutation);
  const removal = useMutation(deleteSandboxMutation);
  const [asked, setAsked] = useState<Lifecycle["asked"]>(null);

  const during = async (what: LifecycleAction | "delete", work: () => Promise<void>) => {
    setAsked(what);
    try {
      await work();
    } catch (error) {
      toast.error(`${sandbox.name}: ${failures[what]}`, messageOf(error));
    } finally {
      setAsked(null);
    }
  };

  const sandbox_id = sandbox.id;
  const perform = async (action: LifecycleAction) => {
    if (action === "stop" && !(await confirmStop(queryClient, sandbox))) return;
    if (action !== "restart") {
      await control.mutateAsync({ sandbox_id, action });
      return;
    }
    if (!(await confirmStop(queryClient, sandbox, "Restart"))) return;
    await control.mutateAsync({ sandbox_id, action: "stop" });
    await control.mutateAsync({ sandbox_id, action: "start" });
  };

  const removeAfterAsking = async () => {
    if (!(await confirmDelete(queryClient, sandbox))) return;
    await removal.mutateAsync(sandbox_id);
    toast.success(`${sandbox.name} was deleted`);
    onDeleted?.();
  };

  return {
    asked,
    run: (action) => void during(action, () => perform(action)),
    remove: () => void during("delete", removeAfterAsking),
  };
}

const failures: Readonly<Record<LifecycleAction | "delete", string>> = {
  start: "it was not started",
  stop: "it was not stopped",
  pause: "it was not paused",
  resume: "it was not resumed",
  restart: "it was not restarted",
  delete: "it was not deleted",
};
