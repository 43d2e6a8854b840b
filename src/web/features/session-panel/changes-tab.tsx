import { CornerDownLeft } from "lucide-react";
import { useMemo } from "react";
import { formatPlural } from "#src/lib/format.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import { ChangeCounts, DiffView } from "#src/web/ui/content/diff-view.tsx";
import { shortPath } from "#src/web/ui/content/short-path.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { changedFiles } from "./changes.logic.ts";

/** The files that this session changed, from the diffs of its tools. */
export function ChangesTab({
  store,
  onShowRow,
}: {
  store: TranscriptStore;
  onShowRow: (row_key: string) => void;
}) {
  // Text streams all the time and changes no file: only a change of the tool rows counts.
  const rows = useTranscript(store, ({ transcript }) => transcript?.rows);
  const partial = useTranscript(store, ({ transcript }) => transcript?.partial ?? false);
  const files = useMemo(() => changedFiles(rows ?? []), [rows]);
  if (files.length === 0) {
    return (
      <EmptyState title="No changes yet" text="Files that the agent edits appear here with their diffs." />
    );
  }
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return (
    <div className="flex flex-col gap-1 p-3">
      <p className="mb-1 flex items-center gap-2 text-xs text-muted">
        {formatPlural(files.length, "file")} <ChangeCounts added={added} removed={removed} />
      </p>
      {partial && (
        <p className="mb-1 text-xs text-faint">Of the messages loaded so far; scroll up for older ones.</p>
      )}
      {files.map((file) => (
        <div key={file.path} className="flex items-start">
          <Disclosure
            className="min-w-0 flex-1"
            summary={
              <span className="flex items-center gap-2">
                <bdi
                  className="min-w-0 flex-1 truncate font-mono text-xs text-text"
                  title={visibleText(file.path)}
                >
                  {visibleText(shortPath(file.path))}
                </bdi>
                <ChangeCounts added={file.added} removed={file.removed} />
              </span>
            }
          >
            <div className="pb-2">
              <DiffView change={file.diff} />
            </div>
          </Disclosure>
          <IconButton
            size="sm"
            label="Show in the transcript"
            icon={<CornerDownLeft size={14} />}
            onClick={() => onShowRow(file.row_key)}
          />
        </div>
      ))}
    </div>
  );
}
