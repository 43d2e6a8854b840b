import {
  Bot,
  Brain,
  FileDiff,
  FilePen,
  FileSearch,
  FileX,
  Globe,
  Search,
  SquareTerminal,
  ToggleRight,
  Wrench,
} from "lucide-react";
import type { ReactNode } from "react";
import type { ToolKind } from "#src/domain/event.ts";
import { formatDuration, formatElapsed, formatPlural } from "#src/lib/format.ts";
import { textFromFolder } from "#src/lib/from-folder.ts";
import { describeTool, toolDuration } from "#src/transcript/tool-view.ts";
import type { RowOf, ToolCall } from "#src/transcript/rows.ts";
import { cn } from "#src/web/ui/cn.ts";
import { ChangeCounts } from "#src/web/ui/content/change-counts.tsx";
import { useFolder } from "#src/web/ui/content/folder-context.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { useNow } from "#src/web/ui/now.ts";
import { StateDot } from "#src/web/ui/state-dot.tsx";
import { WorkingDots } from "#src/web/ui/working-dots.tsx";
import { FoldLine } from "../fold-line.tsx";
import { useFold } from "../folds.ts";
import { RowFrame } from "../row-frame.tsx";
import { PermissionLine } from "../rows/request-rows.tsx";
import { useTranscriptContext } from "../transcript-context.ts";
import { RawCall, ToolBody } from "./tool-body.tsx";
import { isRunning, opensByDefault, statusWords } from "./tool.logic.ts";

const icons: Record<ToolKind, ReactNode> = {
  read: <FileSearch size={14} aria-hidden />,
  edit: <FilePen size={14} aria-hidden />,
  delete: <FileX size={14} aria-hidden />,
  move: <FileDiff size={14} aria-hidden />,
  search: <Search size={14} aria-hidden />,
  execute: <SquareTerminal size={14} aria-hidden />,
  think: <Brain size={14} aria-hidden />,
  fetch: <Globe size={14} aria-hidden />,
  switch_mode: <ToggleRight size={14} aria-hidden />,
  subagent: <Bot size={14} aria-hidden />,
  other: <Wrench size={14} aria-hidden />,
};

/** A tool call: one line that says what it is and how it went, and what it did when opened. */
export function ToolCard({ row }: { row: RowOf<"tool"> }) {
  const { folds } = useTranscriptContext();
  const { tool } = row;
  const [open, setOpen] = useFold(folds, row.key, opensByDefault(tool));
  return (
    <RowFrame row={row} gap="none">
      <FoldLine
        open={open}
        onOpenChange={setOpen}
        icon={<span className="shrink-0 text-faint">{icons[tool.kind]}</span>}
        title={<ToolTitle tool={tool} />}
        aside={<ToolAside row={row} />}
      >
        <div className="flex flex-col gap-2">
          <ToolBody tool={tool} />
          {tool.permissions.map((permission) => (
            <PermissionLine key={permission.request.request_id} permission={permission} />
          ))}
          <RawCall tool={tool} />
        </div>
      </FoldLine>
    </RowFrame>
  );
}

/** Kinds whose subject is code or a path. */
const mono: ReadonlySet<ToolKind> = new Set(["execute", "read", "edit", "delete", "move", "search", "fetch"]);

function ToolTitle({ tool }: { tool: ToolCall }) {
  const folder = useFolder();
  const { verb, subject, detail, match_count } = describeTool(tool);
  const isCommand = tool.kind === "execute";
  // A command stands as it was given; everything else is told from the folder.
  const told = isCommand ? subject : textFromFolder(subject, folder);
  return (
    <>
      <span className={cn("text-faint", isCommand && "font-mono text-code select-none")}>
        {isCommand ? "$" : visibleText(verb)}
      </span>{" "}
      <bdi className={cn("text-text", mono.has(tool.kind) && "font-mono text-code")}>{visibleText(told)}</bdi>
      {detail !== null && <span className="text-faint"> {visibleText(textFromFolder(detail, folder))}</span>}
      {match_count !== null && (
        <span className="text-faint"> · {formatPlural(match_count, "match", "matches")}</span>
      )}
    </>
  );
}

function ToolAside({ row }: { row: RowOf<"tool"> }) {
  const { tool } = row;
  const { added, removed } = describeTool(tool);
  const waits = tool.permissions.some((permission) => permission.response === null);
  const status = statusWords(tool);
  return (
    <>
      {added !== null && removed !== null && <ChangeCounts added={added} removed={removed} />}
      {waits ? (
        <StateDot tone="permission" label="Needs permission" />
      ) : (
        status && (
          <span className={status.failed ? "font-medium text-failed" : "text-faint"}>{status.words}</span>
        )
      )}
      {isRunning(tool) && !waits ? <Ticking since={row.at} /> : <Took row={row} />}
    </>
  );
}

function Ticking({ since }: { since: string }) {
  const now = useNow("fast");
  return (
    <span className="flex items-center gap-1.5 text-working">
      <WorkingDots />
      {formatElapsed(now - Date.parse(since))}
    </span>
  );
}

function Took({ row }: { row: RowOf<"tool"> }) {
  const duration = toolDuration(row);
  return duration === null || duration < 100 ? null : (
    <span className="text-faint">{formatDuration(duration)}</span>
  );
}
