import { CircleQuestionMark } from "lucide-react";
import { formatDuration, formatExact } from "#src/lib/format.ts";
import type { PermissionState, QuestionState, RowOf } from "#src/transcript/rows.ts";
import { fileChanges } from "#src/transcript/file-changes.ts";
import { requestedOf } from "#src/transcript/tool-diffs.ts";
import { StateDot } from "#src/web/ui/state-dot.tsx";
import { DiffView } from "#src/web/ui/content/diff-view.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { KeyValues } from "#src/web/ui/content/key-values.tsx";
import { RowFrame } from "../row-frame.tsx";
import { permissionWords } from "./request.logic.ts";

/** A permission whose tool call is not known: what it asked for and how it was answered. */
export function PermissionRow({ row }: { row: RowOf<"permission"> }) {
  const { request } = row.permission;
  return (
    <RowFrame row={row}>
      <div className="rounded-control border border-border px-3 py-2">
        <p className="font-medium">{visibleText(request.title || request.tool_name)}</p>
        <div className="my-1.5 flex flex-col gap-2">
          <Asked request={request} />
        </div>
        <PermissionLine permission={row.permission} />
      </div>
    </RowFrame>
  );
}

/** The change that was asked for, else the fields as they came. */
function Asked({ request }: { request: PermissionState["request"] }) {
  const { diffs, fields } = requestedOf(request);
  if (diffs.length === 0) return <KeyValues value={request.tool_input} />;
  return (
    <>
      {fileChanges(diffs).map((file) => (
        <DiffView key={file.path} {...file} />
      ))}
      {fields !== null && <KeyValues value={fields} />}
    </>
  );
}

/** How a permission stands: it waits, or who answered it, how and after how long. */
export function PermissionLine({ permission }: { permission: PermissionState }) {
  const { responded_at, response } = permission;
  if (!response) return <StateDot tone="permission" label="Waits for your permission" />;
  return (
    <p className="text-xs text-muted" title={responded_at ? formatExact(responded_at) : undefined}>
      <span className={response.approved ? "font-medium text-ok" : "font-medium text-failed"}>
        {permissionWords(permission).verdict}
      </span>{" "}
      {permissionWords(permission).how}
      {response.message && <span className="block">“{visibleText(response.message)}”</span>}
    </p>
  );
}

/** A question with its answer, as a form that was filled in. */
export function QuestionRow({ row }: { row: RowOf<"question"> }) {
  const { request, response } = row.question;
  return (
    <RowFrame row={row}>
      <div className="rounded-control border border-border px-3 py-2">
        {request.title && <p className="mb-1.5 font-medium">{visibleText(request.title)}</p>}
        <dl className="flex flex-col gap-1.5">
          {request.questions.map((question, index) => (
            <div key={question.id}>
              <dt className="flex items-start gap-1.5 text-muted">
                <CircleQuestionMark size={14} aria-hidden className="mt-0.5 shrink-0 text-question" />
                {visibleText(question.question)}
              </dt>
              {response?.answers && (
                <dd className="pl-5 font-medium">
                  {visibleText(response.answers[index]?.join(", ") || "No answer")}
                </dd>
              )}
            </div>
          ))}
        </dl>
        <div className="mt-1.5">
          <QuestionState question={row.question} />
        </div>
      </div>
    </RowFrame>
  );
}

const outcomes = {
  answered: "Answered",
  rejected: "Declined",
  expired: "Expired without an answer",
  auto_resolved: "Resolved by the agent",
};

function QuestionState({ question }: { question: QuestionState }) {
  const { response, requested_at, responded_at } = question;
  if (!response) return <StateDot tone="question" label="Waits for your answer" />;
  const after = responded_at
    ? ` after ${formatDuration(Date.parse(responded_at) - Date.parse(requested_at))}`
    : "";
  return (
    <p className="text-xs text-faint" title={responded_at ? formatExact(responded_at) : undefined}>
      {outcomes[response.state]}
      {response.by && ` by ${visibleText(response.by.name)}`}
      {after}
    </p>
  );
}
