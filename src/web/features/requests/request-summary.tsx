import { CircleQuestionMark, TriangleAlert } from "lucide-react";
import type { Diff, PendingRequest, Permission } from "#src/domain/request.ts";
import { fromFolder, placeWords } from "#src/lib/from-folder.ts";
import { diffStat } from "#src/transcript/diff-stat.ts";
import { fileChanges } from "#src/transcript/file-changes.ts";
import { requestedOf } from "#src/transcript/tool-diffs.ts";
import { Badge } from "#src/web/ui/badge.tsx";
import { cn } from "#src/web/ui/cn.ts";
import { CodeText } from "#src/web/ui/content/code-text.tsx";
import { ChangeCounts } from "#src/web/ui/content/change-counts.tsx";
import { DiffView } from "#src/web/ui/content/diff-view.tsx";
import { useFolder } from "#src/web/ui/content/folder-context.ts";
import { KeyValues } from "#src/web/ui/content/key-values.tsx";
import { ScrollRegion } from "#src/web/ui/content/scroll-region.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";

type RequestTitleProps = {
  request: PendingRequest;
  /** False once it is resolved: then nothing is required any more. */
  waiting?: boolean;
};

/** The sign and the words that say what kind of request it is. */
export function RequestTitle({ request, waiting = true }: RequestTitleProps) {
  return request.kind === "permission" ? (
    <span className="flex items-center gap-1.5">
      <TriangleAlert
        size={16}
        aria-hidden
        className={cn("shrink-0", waiting ? "text-permission" : "text-faint")}
      />
      {waiting ? "Permission required" : "Permission"}
    </span>
  ) : (
    <span className="flex items-center gap-1.5">
      <CircleQuestionMark
        size={16}
        aria-hidden
        className={cn("shrink-0", waiting ? "text-question" : "text-faint")}
      />
      {visibleText(request.title) || "The agent has a question"}
    </span>
  );
}

/** Who asks, where, and since when. */
export function RequestPlace({ request, sandbox_name }: { request: PendingRequest; sandbox_name: string }) {
  return (
    <span>
      {visibleText(request.agent)} in {visibleText(sandbox_name)}
      {" · "}
      <RelativeTime at={request.created_at} />
      {request.expires_at && (
        <>
          {" · expires "}
          <RelativeTime at={request.expires_at} />
        </>
      )}
    </span>
  );
}

/** Everything a permission asks for: the whole command, the diff or the fields; and the folder it happens in. */
export function PermissionDetails({
  permission,
  compact = false,
}: {
  permission: Permission;
  compact?: boolean;
}) {
  const { tool_name, title, directory, risk_level } = permission;
  const { command, diffs, fields } = requestedOf(permission);
  const folder = useFolder();
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{visibleText(tool_name)}</span>
        {title !== "" && title !== tool_name && title !== command && (
          <span className="min-w-0 text-muted">{visibleText(title)}</span>
        )}
        {risk_level && (
          <Badge tone={risk_level === "high" ? "failed" : risk_level === "medium" ? "permission" : "neutral"}>
            {risk_level} risk
          </Badge>
        )}
      </p>
      {command !== null && (
        <ScrollRegion
          as="pre"
          label="Command"
          className={`${compact ? "max-h-24" : "max-h-[40dvh]"} overflow-auto rounded-control border border-border bg-surface px-3 py-2 font-mono text-code break-all whitespace-pre-wrap`}
        >
          <CodeText text={command} language="bash" />
        </ScrollRegion>
      )}
      {compact ? (
        <ChangedPaths diffs={diffs} />
      ) : (
        fileChanges(diffs).map((file) => <DiffView key={file.path} {...file} />)
      )}
      {fields !== null && (
        <ScrollRegion label="What it was given" className={compact ? "max-h-24 overflow-auto" : undefined}>
          <KeyValues value={fields} />
        </ScrollRegion>
      )}
      {directory && (
        <p className="text-xs break-all text-faint" title={visibleText(directory)}>
          {visibleText(placeWords(directory, folder))}
        </p>
      )}
    </div>
  );
}

/** The files of a change and how much of them it changes, where there is no room for the change itself. */
function ChangedPaths({ diffs }: { diffs: readonly Diff[] }) {
  const folder = useFolder();
  if (diffs.length === 0) return null;
  const paths = new Set(diffs.map((diff) => visibleText(fromFolder(diff.path, folder))));
  return (
    <p className="font-mono text-xs break-all">
      {[...paths].join(", ")} <ChangeCounts {...diffStat(diffs)} />
    </p>
  );
}
