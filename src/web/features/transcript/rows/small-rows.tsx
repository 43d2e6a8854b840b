import { CircleX, Info, TriangleAlert } from "lucide-react";
import { formatDuration, formatCost, formatPlural } from "#src/lib/format.ts";
import type { RowOf } from "#src/transcript/rows.ts";
import { JsonView } from "#src/web/ui/content/json-view.tsx";
import { OutputBox } from "#src/web/ui/content/output-box.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { FoldLine } from "../fold-line.tsx";
import { useFold } from "../folds.ts";
import { RowFrame } from "../row-frame.tsx";
import { useTranscriptContext } from "../transcript-context.ts";
import { ContentBlocks } from "./content-blocks.tsx";

/** Images and files the agent sent as its answer. */
export function ContentRow({ row }: { row: RowOf<"content"> }) {
  return (
    <RowFrame row={row}>
      <ContentBlocks content={row.content} />
    </RowFrame>
  );
}

/** Something that went wrong, with its cause. */
export function ErrorRow({ row }: { row: RowOf<"error"> }) {
  const { folds } = useTranscriptContext();
  const [open, setOpen] = useFold(folds, row.key, false);
  const hasDetails = row.details !== undefined && row.details !== null;
  return (
    <RowFrame row={row}>
      <div className="rounded-control border border-border bg-failed-soft px-3 py-2">
        <p className="flex items-start gap-2">
          <CircleX size={16} aria-hidden className="mt-0.5 shrink-0 text-failed" />
          <span className="min-w-0 whitespace-pre-wrap">
            {visibleText(row.message)}
            {row.code && <code className="ml-2 text-faint">{visibleText(row.code)}</code>}
          </span>
        </p>
        {hasDetails && (
          <FoldLine open={open} onOpenChange={setOpen} title="Details">
            <JsonView value={row.details} label="details" />
          </FoldLine>
        )}
      </div>
    </RowFrame>
  );
}

/** Something that changed: a mode, a model, a title. */
export function NoticeRow({ row }: { row: RowOf<"notice"> }) {
  return (
    <RowFrame row={row} gap="none">
      <p className="flex min-h-7 items-center gap-1.5 text-xs text-faint">
        <Info size={14} aria-hidden className="shrink-0" />
        {visibleText(row.text)}
      </p>
    </RowFrame>
  );
}

/** What the agent's process printed beside its answers. */
export function LogRow({ row }: { row: RowOf<"log"> }) {
  const { folds } = useTranscriptContext();
  const [open, setOpen] = useFold(folds, row.key, false);
  return (
    <RowFrame row={row} gap="none">
      <FoldLine
        open={open}
        onOpenChange={setOpen}
        title={`Process output, ${formatPlural(row.lines.length + row.cut, "line")}`}
      >
        {row.cut > 0 && <p className="text-xs text-faint">{formatPlural(row.cut, "older line")} cut.</p>}
        <OutputBox text={row.lines.map(({ line }) => line).join("\n")} label="Process output" />
      </FoldLine>
    </RowFrame>
  );
}

/** An event that was not understood: kept, and quiet. */
export function UnparsedRow({ row }: { row: RowOf<"unparsed"> }) {
  const { folds } = useTranscriptContext();
  const [open, setOpen] = useFold(folds, row.key, false);
  return (
    <RowFrame row={row} gap="none">
      <FoldLine
        open={open}
        onOpenChange={setOpen}
        icon={<TriangleAlert size={14} aria-hidden className="shrink-0" />}
        title={
          <>
            An event Sandbar does not know: {visibleText(row.error)}
            {row.location && <code className="ml-1 text-faint">{visibleText(row.location)}</code>}
          </>
        }
      >
        <JsonView value={row.raw} label="raw event" />
      </FoldLine>
    </RowFrame>
  );
}

const reasons: Readonly<Record<string, string>> = {
  cancelled: "Stopped",
  max_tokens: "Stopped at the limit of tokens",
  max_turn_requests: "Stopped at the limit of requests",
  refusal: "The agent refused to go on",
};

/** The end of a turn: quiet when all went well, plain about it when not. */
export function TurnEndRow({ row }: { row: RowOf<"turn_end"> }) {
  const { folds } = useTranscriptContext();
  const [open, setOpen] = useFold(folds, row.key, false);
  const figures = [
    row.duration_ms !== null && row.duration_ms >= 100 && formatDuration(row.duration_ms),
    row.waited_ms >= 1000 && `waited ${formatDuration(row.waited_ms)} for answers`,
    row.cost_usd !== null && formatCost(row.cost_usd),
  ].filter(Boolean);
  if (row.outcome === "completed") {
    const fine = row.stop_reason === null || row.stop_reason === "end_turn";
    const words = fine ? "Done" : (reasons[row.stop_reason ?? ""] ?? `Ended: ${row.stop_reason}`);
    return (
      <RowFrame row={row} copies="turn">
        <p className="flex items-center gap-3 text-xs text-faint">
          <span className={fine ? undefined : "font-medium text-muted"}>
            {[visibleText(words), ...figures].join(" · ")}
          </span>
          <span aria-hidden className="h-px flex-1 bg-border" />
        </p>
      </RowFrame>
    );
  }
  return (
    <RowFrame row={row} copies="turn">
      <div className="rounded-control border border-border bg-failed-soft px-3 py-2">
        <p className="flex items-start gap-2">
          <CircleX size={16} aria-hidden className="mt-0.5 shrink-0 text-failed" />
          <span className="min-w-0">
            <span className="font-medium">The turn failed. </span>
            <span className="whitespace-pre-wrap">{visibleText(row.error ?? "No reason was given.")}</span>
            {figures.length > 0 && <span className="text-faint"> {figures.join(" · ")}</span>}
          </span>
        </p>
        {row.stderr && (
          <FoldLine open={open} onOpenChange={setOpen} title="Last lines of the agent's error output">
            <OutputBox text={row.stderr} label="Error output" />
          </FoldLine>
        )}
      </div>
    </RowFrame>
  );
}
