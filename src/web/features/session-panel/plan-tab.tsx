import { Circle, CircleCheck, CircleDot } from "lucide-react";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { cn } from "#src/web/ui/cn.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { EmptyState } from "#src/web/ui/empty-state.tsx";

const signs = {
  completed: <CircleCheck size={16} aria-hidden className="text-ok" />,
  in_progress: <CircleDot size={16} aria-hidden className="text-accent" />,
  pending: <Circle size={16} aria-hidden className="text-faint" />,
};
const words = { completed: "done", in_progress: "in progress", pending: "not started" };

/** What the agent means to do, and how far it is. */
export function PlanTab({ store }: { store: TranscriptStore }) {
  const plan = useTranscript(store, ({ transcript }) => transcript?.view.plan);
  if (!plan || plan.length === 0) {
    return <EmptyState title="No plan" text="Agents that plan their work show it here, step by step." />;
  }
  const done = plan.filter((entry) => entry.status === "completed").length;
  return (
    <div className="p-3">
      <div className="mb-3 flex items-center gap-3">
        <span className="text-xs text-muted">
          {done} of {plan.length}
        </span>
        <progress
          aria-label="Progress of the plan"
          className="h-1.5 flex-1 appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
          max={plan.length}
          value={done}
        />
      </div>
      <ol className="flex flex-col gap-1.5">
        {plan.map((entry, index) => (
          <li key={index} className="flex items-start gap-2">
            <span className="mt-0.5 shrink-0">{signs[entry.status]}</span>
            <span className={cn("min-w-0", entry.status === "completed" && "text-muted line-through")}>
              {visibleText(entry.content)}
              <span className="sr-only">, {words[entry.status]}</span>
              {entry.priority === "high" && entry.status !== "completed" && (
                <span className="ml-1.5 text-xs text-faint">high priority</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
