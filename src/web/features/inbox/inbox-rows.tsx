import { CircleCheck, CircleSlash } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { formatDuration } from "#src/lib/format.ts";
import { diffStat } from "#src/transcript/diff-stat.ts";
import { outcomeOf, requestWords } from "#src/transcript/request-words.ts";
import { requestedOf } from "#src/transcript/tool-diffs.ts";
import { paths } from "#src/web/paths.ts";
import { cn } from "#src/web/ui/cn.ts";
import { ChangeCounts } from "#src/web/ui/content/change-counts.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { StateDot } from "#src/web/ui/state-dot.tsx";

type RowProps = {
  request: PendingRequest;
  session: Session | undefined;
  /** Its card is open. */
  isShown: boolean;
};

/** A request that waits: what it is about, whose it is, since when. */
export function WaitingRow({ place, ...row }: RowProps & { place: { place: number; total: number } | null }) {
  const { request, session } = row;
  const isPermission = request.kind === "permission";
  return (
    <Row
      {...row}
      at={request.created_at}
      sign={
        <StateDot
          tone={isPermission ? "permission" : "question"}
          label={isPermission ? "Permission" : "Question"}
          signOnly
        />
      }
      words="font-medium text-text"
    >
      {place && (
        <span className="shrink-0">
          {place.place} of {place.total} ·
        </span>
      )}
      <span className="truncate">
        <bdi>{visibleText(session?.title || "Untitled session")}</bdi> · {visibleText(request.agent)}
        {session && ` in ${visibleText(session.sandbox_name)}`}
      </span>
    </Row>
  );
}

/** One that does not wait any more: what became of it, by whom and after how long. */
export function ResolvedRow(row: RowProps) {
  const { request } = row;
  const { created_at, resolved_at, resolved_by } = request;
  const outcome = outcomeOf(request);
  const Icon = outcome?.refused ? CircleSlash : CircleCheck;
  const after = resolved_at && formatDuration(Date.parse(resolved_at) - Date.parse(created_at));
  return (
    <Row
      {...row}
      at={resolved_at ?? created_at}
      sign={<Icon size={14} aria-hidden className="text-faint" />}
      words="text-muted"
    >
      <span className="truncate">
        {outcome?.words ?? "Waits no more"}
        {resolved_by && ` by ${visibleText(resolved_by.name)}`}
        {after && ` after ${after}`}
      </span>
    </Row>
  );
}

/** How much a permission's edit changes; null for everything else. */
function countsOf(request: PendingRequest) {
  const diffs = request.kind === "permission" ? requestedOf(request).diffs : [];
  return diffs.length > 0 ? diffStat(diffs) : null;
}

type FrameProps = RowProps & { at: string; sign: ReactNode; words: string; children: ReactNode };

function Row({ request, isShown, at, sign, words: wordsClass, children }: FrameProps) {
  const counts = countsOf(request);
  const words = visibleText(requestWords(request));
  return (
    <li>
      <Link
        to={paths.request({ request_id: request.id })}
        data-request={request.id}
        aria-current={isShown || undefined}
        className={cn(
          "flex h-13 items-start gap-2 rounded-control px-2 py-1.5 ring-inside transition-colors",
          isShown ? "hover:bg-hover lg:bg-selected" : "hover:bg-hover",
        )}
      >
        <span className="flex h-5 w-4 shrink-0 items-center justify-center">{sign}</span>
        <span className="min-w-0 flex-1">
          <span className="flex gap-2">
            <span
              title={words}
              className={cn(
                "min-w-0 flex-1 truncate",
                wordsClass,
                request.kind === "permission" && "font-mono text-code",
              )}
            >
              {words}
            </span>
            {counts && <ChangeCounts {...counts} />}
            <RelativeTime at={at} short className="shrink-0 text-xs leading-5 text-faint" />
          </span>
          <span className="flex gap-1 text-xs text-faint">{children}</span>
        </span>
      </Link>
    </li>
  );
}
