import { useQuery } from "@tanstack/react-query";
import { CornerDownLeft } from "lucide-react";
import { useMemo, useState } from "react";
import { formatPlural } from "#src/lib/format.ts";
import { changedFiles, changesIn } from "#src/transcript/changes.ts";
import type { ChangedFile, Row } from "#src/transcript/rows.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { earlierChangesQuery, useSplitRows } from "#src/web/api/queries/whole-session.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { Button } from "#src/web/ui/button.tsx";
import { ChangeCounts } from "#src/web/ui/content/change-counts.tsx";
import { DiffView } from "#src/web/ui/content/diff-view.tsx";
import { FilePath } from "#src/web/ui/content/file-path.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { RetryLine } from "#src/web/ui/retry-line.tsx";

type ChangesTabProps = {
  session_id: string;
  store: TranscriptStore;
  onShowRow: (row_key: string) => void;
};

/** Files beyond this wait for a click. */
const SHOWN_FILES = 200;

/** The files that the whole session changed, from the diffs of its tools; what is changed now comes as it happens. */
export function ChangesTab({ session_id, store, onShowRow }: ChangesTabProps) {
  const [all, setAll] = useState(false);
  const { files, loading, error, retry } = useChanges(session_id, store);
  const shown = all ? files : files.slice(0, SHOWN_FILES);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return (
    <div className="flex flex-col gap-1 p-3" aria-busy={loading}>
      {files.length > 0 && (
        <p className="mb-1 flex items-center gap-2 text-xs text-muted">
          {formatPlural(files.length, "file")} <ChangeCounts added={added} removed={removed} />
        </p>
      )}
      <output className="text-xs text-faint">
        {loading && <span className="mb-1 block">Looking through the older messages…</span>}
      </output>
      {error && (
        <RetryLine onRetry={retry}>Only the loaded messages are counted. {messageOf(error)}</RetryLine>
      )}
      {files.length === 0 && !loading && !error && (
        <EmptyState title="No changes yet" text="Files that the agent edits appear here with their diffs." />
      )}
      {shown.map((file) => (
        <FileChanges key={file.path} file={file} onShowRow={onShowRow} />
      ))}
      {shown.length < files.length && (
        <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
          Show all {formatPlural(files.length, "file")}
        </Button>
      )}
    </div>
  );
}

function FileChanges({ file, onShowRow }: { file: ChangedFile } & Pick<ChangesTabProps, "onShowRow">) {
  const { path, diffs, added, removed, row_key } = file;
  return (
    <div className="flex items-start gap-1">
      <Disclosure
        className="min-w-0 flex-1"
        summary={
          <span className="flex items-center gap-2">
            <FilePath path={path} className="flex-1 text-text" />
            <ChangeCounts added={added} removed={removed} />
          </span>
        }
      >
        <div className="pb-2">
          {diffs ? (
            <DiffView path={path} changes={diffs} />
          ) : (
            <p className="text-xs text-muted">
              The changes of this file are too long to show here. Each of its{" "}
              {formatPlural(file.edits, "edit")} is in the transcript.
            </p>
          )}
        </div>
      </Disclosure>
      <IconButton
        size="sm"
        label="Show in the transcript"
        icon={<CornerDownLeft size={14} />}
        onClick={() => onShowRow(row_key)}
      />
    </div>
  );
}

/** What the server says of the rows that are not loaded, with what the page's own rows changed since. */
function useChanges(session_id: string, store: TranscriptStore) {
  const { before, rows } = useSplitRows(store);
  const earlier = useQuery(earlierChangesQuery(session_id, before));
  const edits = useEdits(rows);
  const older = before === null ? undefined : earlier.data?.files;
  const files = useMemo(() => changedFiles(edits, older), [edits, older]);
  return {
    files,
    loading: before !== null && earlier.isPending,
    error: before === null ? null : earlier.error,
    retry: () => void earlier.refetch(),
  };
}

/** The rows that changed files. Text streams all the time and changes none, so they are mostly the same. */
function useEdits(rows: readonly Row[]): readonly Row[] {
  const [last, setLast] = useState<readonly Row[]>([]);
  const edits = rows.filter((row) => changesIn(row).length > 0);
  const same = edits.length === last.length && edits.every((row, index) => row === last[index]);
  if (!same) setLast(edits);
  return same ? last : edits;
}
