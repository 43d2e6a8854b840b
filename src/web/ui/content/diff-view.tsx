import { Columns2 } from "lucide-react";
import { Fragment, memo, type ReactNode, useState } from "react";
import { cn } from "#src/web/ui/cn.ts";
import { Button } from "#src/web/ui/button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Skeleton } from "#src/web/ui/skeleton.tsx";
import { ChangeCounts } from "./change-counts.tsx";
import { CodeLine } from "./code-text.tsx";
import { type ComputedDiff, type FileChange, useDiffs } from "./diff.ts";
import {
  countRows,
  type DiffCell,
  diffCounts,
  type SplitRow,
  splitRows,
  takeRows,
  type UnifiedRow,
  unifiedRows,
} from "./diff-rows.ts";
import { type HighlightedLine, useHighlight } from "./highlight.ts";
import { languageOfPath } from "./languages.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { FilePath } from "./file-path.tsx";

type Layout = "unified" | "split";
type Lines = { text: readonly string[]; coloured: readonly HighlightedLine[] | null };

/** Rows beyond this wait for a click: a rewritten file should not fill the page. */
const ROW_LIMIT = 400;

const marks = { same: " ", removed: "−", added: "+" };
const backgrounds = { same: "", removed: "bg-removed-soft", added: "bg-added-soft" };

type DiffViewProps = { path: string; changes: readonly FileChange[] };

/** The changes of a file, each part of it for itself, its lines coloured; unified or side by side. */
export const DiffView = memo(function DiffView({ path, changes }: DiffViewProps) {
  const [layout, setLayout] = useState<Layout>("unified");
  const diffs = useDiffs(changes);
  const counts = diffs && diffCounts(diffs.flatMap((diff) => (diff.problem === null ? diff.hunks : [])));
  const isWhole = changes.every(({ old_text }) => old_text === null);
  return (
    <figure className="overflow-hidden rounded-control border border-border bg-bg">
      <figcaption className="flex min-h-8 items-center gap-3 border-b border-border bg-surface py-0.5 pr-1 pl-3">
        <span className="flex min-w-0 flex-1 items-baseline font-mono text-xs">
          <FilePath path={path} />
          {isWhole && <span className="shrink-0 whitespace-pre text-faint"> whole file</span>}
        </span>
        {counts && diffs.every(({ problem }) => problem === null) && <ChangeCounts {...counts} />}
        <IconButton
          size="sm"
          label="Side by side"
          className="hidden sm:flex"
          pressed={layout === "split"}
          icon={<Columns2 size={14} />}
          onClick={() => setLayout(layout === "split" ? "unified" : "split")}
        />
      </figcaption>
      {diffs ? (
        <DiffBody path={path} changes={changes} diffs={diffs} layout={layout} />
      ) : (
        <Skeleton className="m-2 h-16" />
      )}
    </figure>
  );
});

type DiffBodyProps = DiffViewProps & { diffs: readonly ComputedDiff[]; layout: Layout };

function DiffBody({ path, changes, diffs, layout }: DiffBodyProps) {
  const [all, setAll] = useState(false);
  const parts = diffs.map((diff) => rowsOf(diff, layout));
  const shown = all ? parts : takeRows(parts, ROW_LIMIT);
  const hidden = countRows(parts) - countRows(shown);
  // Where no line is known there is no column for them.
  const numbered = changes.some(({ start_line }) => start_line !== undefined);
  const columns = (layout === "split" ? 2 : 1) + (numbered ? 2 : 0);
  return (
    <ScrollRegion label={`Changes of ${path}`} className="max-h-[60dvh] overflow-auto">
      <table className="min-w-full border-collapse font-mono text-code">
        {changes.map((change, index) => {
          const diff = diffs[index];
          const rows = shown[index] ?? [];
          const cut = rows.length === 0 && (parts[index] ?? []).length > 0;
          return (
            diff &&
            !cut && (
              <tbody key={index}>
                {changes.length > 1 && (
                  <AsideRow columns={columns}>
                    Change {index + 1} of {changes.length}
                  </AsideRow>
                )}
                <PartRows {...{ path, change, diff, rows, columns, numbered }} />
              </tbody>
            )
          );
        })}
      </table>
      {hidden > 0 && (
        <div className="border-t border-border p-2">
          <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
            Show {hidden} more lines
          </Button>
        </div>
      )}
    </ScrollRegion>
  );
}

type PartRowsProps = {
  path: string;
  change: FileChange;
  diff: ComputedDiff;
  rows: readonly (UnifiedRow | SplitRow)[];
  columns: number;
  numbered: boolean;
};

/** One part of a file: where it is not known where it begins, its lines have no numbers. */
function PartRows({ path, change, diff, rows, columns, numbered }: PartRowsProps) {
  const language = languageOfPath(path);
  const colouredOld = useHighlight(language, change.old_text ?? "", diff.problem === null);
  const colouredNew = useHighlight(language, change.new_text, diff.problem === null);
  if (diff.problem !== null) return <AsideRow columns={columns}>{diff.problem}</AsideRow>;
  if (diff.hunks.length === 0) return <AsideRow columns={columns}>No change in the text.</AsideRow>;
  const sides = {
    old: { text: diff.old_lines, coloured: colouredOld },
    new: { text: diff.new_lines, coloured: colouredNew },
  };
  const number = (index: number | null, change_of: DiffCell["change"]) =>
    numbered && (
      <LineNumber
        line={index === null || change.start_line === undefined ? null : change.start_line + index}
        change={change_of}
      />
    );
  return rows.map((row, index) =>
    "gap" in row ? (
      <AsideRow key={index} columns={columns}>
        {row.gap} unchanged {row.gap === 1 ? "line" : "lines"}
      </AsideRow>
    ) : (
      <tr key={index}>
        {"cell" in row ? (
          <>
            {number(row.old, row.cell.change)}
            {number(row.new, row.cell.change)}
            <CodeCell cell={row.cell} lines={sides[row.cell.side]} />
          </>
        ) : (
          [row.left, row.right].map((cell, side) => (
            <Fragment key={side}>
              {number(cell?.index ?? null, cell?.change ?? "same")}
              <CodeCell cell={cell} lines={side === 0 ? sides.old : sides.new} half />
            </Fragment>
          ))
        )}
      </tr>
    ),
  );
}

/** A line of the table that is none of the file's. */
function AsideRow({ columns, children }: { columns: number; children: ReactNode }) {
  return (
    <tr>
      <td colSpan={columns} className="bg-surface px-3 py-0.5 font-sans text-xs text-faint">
        {children}
      </td>
    </tr>
  );
}

function LineNumber({ line, change }: { line: number | null; change: DiffCell["change"] }) {
  return (
    <td
      className={cn(
        "w-px px-2 text-right align-top text-xs leading-5 text-faint select-none",
        backgrounds[change],
      )}
    >
      {line}
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

function rowsOf(diff: ComputedDiff, layout: Layout): readonly (UnifiedRow | SplitRow)[] {
  if (diff.problem !== null) return [];
  return layout === "split" ? splitRows(diff) : unifiedRows(diff);
}
