import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatPlural } from "#src/lib/format.ts";
import { StateDot } from "#src/web/ui/state-dot.tsx";

type NeedsYouProps = { sandbox: Pick<Sandbox, "pending_permissions" | "pending_questions"> };

/** How many permissions and questions wait for a person in a sandbox; nothing when none does. */
export function NeedsYou({ sandbox: { pending_permissions, pending_questions } }: NeedsYouProps) {
  return (
    <span className="inline-flex gap-2 align-middle">
      {pending_permissions > 0 && <Waiting tone="permission" count={pending_permissions} noun="permission" />}
      {pending_questions > 0 && <Waiting tone="question" count={pending_questions} noun="question" />}
    </span>
  );
}

type WaitingProps = { tone: "permission" | "question"; count: number; noun: string };

function Waiting({ tone, count, noun }: WaitingProps) {
  const words = formatPlural(count, noun);
  return (
    <span className="inline-flex items-center" title={words}>
      <StateDot tone={tone} label={words} signOnly />
      <span aria-hidden className="ml-1 text-xs font-medium">
        {count}
      </span>
    </span>
  );
}
