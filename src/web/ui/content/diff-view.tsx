import { Columns2 } from "lucide-react";
import { Fragment, memo, useState } from "react";
import { cn } from "#src/web/ui/cn.ts";
import { Button } from "#src/web/ui/button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Skeleton } from "#src/web/ui/skeleton.tsx";
import { ChangeCounts } from "./change-counts.tsx";
import { CodeLine } from "./code-text.tsx";
import { type ComputedDiff, type FileChange, useDiff } from "./diff.ts";
import { type DiffCell, diffCounts, splitRows, unifiedRows } from "./diff-rows.ts";
import { type HighlightedLine, useHighlight } from "./highlight.ts";
import { languageOfPath } from "./languages.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { shortPath } from "./short-path.ts";
import { visibleText } from "./visible-text.ts";

type Layout = "unified" | "split";
type Lines = { text: readonly string[]; coloured: readonly HighlightedLine[] | null };

/** Rows beyond this wait for a click: a rewritten file should not fill the page. */
const ROW_LIMIT = 400;

const marks = { same: " ", removed: "−", added: "+" };
const backgrounds = { same: "", removed: "bg-removed-soft", added: "bg-added-soft" };

/** A change of a file, its lines coloured; unified or side by side. */
export const DiffView = memo(function DiffView({ change }: { change: FileChange }) {
  const [layout, setLayout] = useState<Layout>("unified");
  const diff = useDiff(change);
  return (
    <figure className="overflow-hidden rounded-control border border-border bg-bg">
      <figcaption className="flex min-h-8 items-center gap-3 border-b border-border bg-surface py-0.5 pr-1 pl-3">
        <span className="min-w-0 flex-1 truncate font-mono text-xs" title={visibleText(change.path)}>
          <bdi>{visibleText(shortPath(change.path))}</bdi>
          {change.old_text === null && <span className="text-faint"> new file</span>}
        </span>
        {diff?.problem === null && <ChangeCounts {...diffCounts(diff.hunks)} />}
        <IconButton
          size="sm"
          label="Side by side"
          className="hidden sm:flex"
          pressed={layout === "split"}
          icon={<Columns2 size={14} />}
          onClick={() => setLayout(layout === "split" ? "unified" : "split")}
        />
      </figcaption>
      {diff ? <DiffBody change={change} diff={diff} layout={layout} /> : <Skeleton className="m-2 h-16" />}
    </figure>
  );
});

function DiffBody({ change, diff, layout }: { change: FileChange; diff: ComputedDiff; layout: Layout }) {
  const [all, setAll] = useState(false);
  const language = languageOfPath(change.path);
  const colouredOld = useHighlight(language, change.old_text ?? "", diff.problem === null);
  const colouredNew = useHighlight(language, change.new_text, diff.problem === null);
  if (diff.problem !== null) return <p className="px-3 py-2 text-muted">{diff.problem}</p>;
  if (diff.hunks.length === 0) return <p className="px-3 py-2 text-muted">No change in the text.</p>;
  const sides = {
    old: { text: diff.old_lines, coloured: colouredOld },
    new: { text: diff.new_lines, coloured: colouredNew },
  };
  const first = change.start_line ?? 1;
  const rows = layout === "split" ? splitRows(diff) : unifiedRows(diff);
  const shown = all ? rows : rows.slice(0, ROW_LIMIT);
  return (
    <ScrollRegion label={`Changes of ${change.path}`} className="max-h-[60dvh] overflow-auto">
      <table className="min-w-full border-collapse font-mono text-code">
        <tbody>
          {shown.map((row, index) => (
            <tr key={index}>
              {"gap" in row ? (
                <td
                  colSpan={layout === "split" ? 4 : 3}
                  className="bg-surface px-3 py-0.5 text-xs text-faint"
                >
                  {row.gap} unchanged {row.gap === 1 ? "line" : "lines"}
                </td>
              ) : "cell" in row ? (
                <>
                  <LineNumber first={first} index={row.old} change={row.cell.change} />
                  <LineNumber first={first} index={row.new} change={row.cell.change} />
                  <CodeCell cell={row.cell} lines={sides[row.cell.side]} />
                </>
              ) : (
                [row.left, row.right].map((cell, side) => (
                  <Fragment key={side}>
                    <LineNumber first={first} index={cell?.index ?? null} change={cell?.change ?? "same"} />
                    <CodeCell cell={cell} lines={side === 0 ? sides.old : sides.new} half />
                  </Fragment>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <div className="border-t border-border p-2">
          <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
            Show {rows.length - shown.length} more lines
          </Button>
        </div>
      )}
    </ScrollRegion>
  );
}

type LineNumberProps = { first: number; index: number | null; change: DiffCell["change"] };

function LineNumber({ first, index, change }: LineNumberProps) {
  return (
    <td
      className={cn(
        "w-px px-2 text-right align-top text-xs leading-5 text-faint select-none",
        backgrounds[change],
      )}
    >
      {index === null ? "" : first + index}
    </td>
  );
}

function CodeCell({ cell, lines, half = false }: { cell: DiffCell | null; lines: Lines; half?: boolean }) {
  if (!cell) return <td className="bg-surface">{"\u00a0"}</td>;
  const text = lines.text[cell.index]?.replace(/\r?\n$/, "") ?? "";
  return (
    <td className={cn("pr-3 pl-1 align-top whitespace-pre-wrap", half && "w-1/2", backgrounds[cell.change])}>
      <span
        aria-hidden
        className={cn(
          "mr-1 inline-block w-3 select-none",
          cell.change === "added" ? "text-added" : "text-removed",
        )}
      >
        {marks[cell.change]}
      </span>
      {cell.change !== "same" && <span className="sr-only">{cell.change}: </span>}
      <CodeLine text={text} pieces={lines.coloured?.[cell.index] ?? null} />
    </td>
  );
}
