import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleX, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatPlural } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { controlSandboxMutation, deleteSandboxMutation } from "#src/web/api/queries/sandboxes.ts";
import { Button } from "#src/web/ui/button.tsx";
import { eligible, runBulk, type BulkAction, type BulkResult } from "./bulk.logic.ts";
import { confirmBulk } from "./confirm-loss.tsx";
import { lifecycleIcons } from "./lifecycle-icon.tsx";

type BulkBarProps = {
  selected: readonly Sandbox[];
  backends: ReadonlyMap<string, Backend>;
  onClear: () => void;
};

type Outcome = { action: BulkAction; results: readonly BulkResult[] };

/** What can be done with several sandboxes at once, and then how it went with each. */
export function BulkBar({ selected, backends, onClear }: BulkBarProps) {
  const queryClient = useQueryClient();
  const control = useMutation(controlSandboxMutation);
  const removal = useMutation(deleteSandboxMutation);
  const [running, setRunning] = useState<BulkAction | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const capabilities = (backend_id: string) => backends.get(backend_id)?.capabilities;

  const perform = async (action: BulkAction, sandboxes: readonly Sandbox[]) => {
    setRunning(action);
    const confirmed = await confirmBulk(queryClient, action, sandboxes);
    if (confirmed) {
      const run = ({ id }: Sandbox) =>
        action === "stop" ? control.mutateAsync({ sandbox_id: id, action }) : removal.mutateAsync(id);
      setOutcome({ action, results: await runBulk(sandboxes, run, messageOf) });
      onClear();
    }
    setRunning(null);
  };

  if (outcome) return <BulkOutcome {...outcome} onClose={() => setOutcome(null)} />;
  if (selected.length === 0) return null;
  return (
    <div role="toolbar" aria-label="Selected sandboxes" className={barClass}>
      <span className="flex-1 font-medium">
        {formatPlural(selected.length, "sandbox", "sandboxes")} selected
      </span>
      {actions.map(({ action, verb, icon }) => {
        const open = eligible(action, selected, capabilities);
        return (
          <Button
            key={action}
            size="sm"
            icon={icon}
            busy={running === action}
            disabled={open.length === 0 || (running !== null && running !== action)}
            onClick={() => void perform(action, open)}
          >
            {verb} {open.length}
          </Button>
        );
      })}
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}

const barClass = "flex flex-wrap items-center gap-2 rounded-card border border-border bg-surface px-3 py-2";

const actions = [
  { action: "stop", verb: "Stop", icon: lifecycleIcons.stop },
  { action: "delete", verb: "Delete", icon: <Trash2 size={14} aria-hidden /> },
] as const;

function BulkOutcome({ action, results, onClose }: Outcome & { onClose: () => void }) {
  const done = action === "stop" ? "stopped" : "deleted";
  const failed = results.filter(({ error }) => error !== null).length;
  return (
    <section aria-label="Outcome" className={barClass}>
      <div className="min-w-0 flex-1">
        <output className="font-medium">
          {formatPlural(results.length - failed, "sandbox", "sandboxes")} {done}
          {failed > 0 && `, ${failed} failed`}
        </output>
        <ul className="mt-1 flex flex-col gap-0.5">
          {results.map(({ sandbox, error }) => (
            <li key={sandbox.id} className="flex items-start gap-1.5">
              {error === null ? (
                <CircleCheck size={14} aria-hidden className="mt-[3px] shrink-0 text-ok" />
              ) : (
                <CircleX size={14} aria-hidden className="mt-[3px] shrink-0 text-failed" />
              )}
              <span className="min-w-0">
                {sandbox.name}: {error ?? done}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <Button size="sm" onClick={onClose}>
        Close
      </Button>
    </section>
  );
}
