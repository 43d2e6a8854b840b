import { CircleCheck, CircleSlash } from "lucide-react";
import type { PendingRequest, UserInput } from "#src/domain/request.ts";
import { formatDuration } from "#src/lib/format.ts";
import { outcomeOf } from "#src/transcript/request-words.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { PermissionDetails } from "./request-summary.tsx";

/** A request that does not wait any more: who answered what, when, after how long; and what it was about. */
export function RequestOutcome({ request }: { request: PendingRequest }) {
  return (
    <div className="min-h-0 flex-1 scroll-column px-4 pb-4">
      <output className="mb-3 flex items-start gap-2 rounded-control bg-surface px-3 py-2">
        <Sign request={request} />
        <span className="min-w-0">
          <Words request={request} />
        </span>
      </output>
      {request.kind === "permission" ? (
        <PermissionDetails permission={request} />
      ) : (
        <QuestionAnswers request={request} />
      )}
    </div>
  );
}

function Sign({ request }: { request: PendingRequest }) {
  const Icon = outcomeOf(request)?.refused ? CircleSlash : CircleCheck;
  return <Icon size={16} aria-hidden className="mt-0.5 shrink-0 text-faint" />;
}

function Words({ request }: { request: PendingRequest }) {
  const { resolved_at, resolved_by, created_at } = request;
  const outcome = outcomeOf(request);
  if (outcome === null) return "This request does not wait any more.";
  const after = resolved_at ? formatDuration(Date.parse(resolved_at) - Date.parse(created_at)) : null;
  const client = resolved_by?.client ? ` (${visibleText(resolved_by.client)})` : "";
  const message = request.kind === "permission" ? request.message : null;
  return (
    <>
      <span className="font-medium">{outcome.words}</span>
      {resolved_by && ` by ${visibleText(resolved_by.name)}${client}`}
      {resolved_at && (
        <span className="text-muted">
          {" · "}
          <RelativeTime at={resolved_at} />, after {after}
        </span>
      )}
      {message && <span className="mt-1 block text-muted">“{visibleText(message)}”</span>}
    </>
  );
}

function QuestionAnswers({ request: { questions, answers } }: { request: UserInput }) {
  return (
    <dl className="flex flex-col gap-3">
      {questions.map((question, index) => (
        <div key={question.id}>
          <dt className="font-medium whitespace-pre-wrap">{visibleText(question.question)}</dt>
          <dd className="text-muted">{answers?.[index]?.map(visibleText).join(", ") || "No answer"}</dd>
        </div>
      ))}
    </dl>
  );
}
