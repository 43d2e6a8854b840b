import { useQuery } from "@tanstack/react-query";
import { FolderOpen, FolderPlus, RefreshCw, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatCount } from "#src/lib/format.ts";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { folderQuery, MOST_ENTRIES } from "#src/web/api/queries/files.ts";
import { Button, buttonClass } from "#src/web/ui/button.tsx";
import { cn } from "#src/web/ui/cn.ts";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { NewFolderDialog } from "./arrange-dialogs.tsx";
import { FileTable } from "./file-table.tsx";
import { useDrop } from "./use-drop.ts";
import type { PlaceLinks } from "./use-place.ts";
import { useUpload } from "./use-upload.ts";

type FolderViewProps = PlaceLinks & {
  sandbox: Sandbox;
  folder: string;
  /** Its backend makes folders and renames. */
  canArrange: boolean;
};

/** One folder: what is in it, and a place to drop files. */
export function FolderView({ sandbox, folder, canArrange, linkTo }: FolderViewProps) {
  const query = useQuery(folderQuery(sandbox.id, folder));
  const { data: files, isFetching, refetch } = query;
  const { upload, uploading } = useUpload(sandbox.id, folder, files ?? []);
  const { over, handlers } = useDrop((dropped) => void upload(dropped));
  const chooser = useRef<HTMLInputElement>(null);
  const [naming, setNaming] = useState(false);
  if (!files) return <Absent {...{ sandbox, folder, linkTo, query }} />;
  return (
    <div
      {...handlers}
      className={cn("flex flex-col gap-2 rounded-card", over && "outline-2 outline-offset-4 outline-accent")}
    >
      <div className="flex flex-wrap items-center gap-2">
        <output className="flex-1 text-xs text-faint">
          {uploading ? `Uploading ${uploading}…` : countWords(files.length)}
        </output>
        <IconButton
          label="Refresh"
          icon={<RefreshCw size={16} className={cn(isFetching && "motion-safe:animate-spin")} />}
          onClick={() => void refetch()}
        />
        {canArrange && (
          <Button icon={<FolderPlus size={16} aria-hidden />} onClick={() => setNaming(true)}>
            New folder
          </Button>
        )}
        <Button
          icon={<Upload size={16} aria-hidden />}
          busy={uploading !== null}
          onClick={() => chooser.current?.click()}
        >
          Upload
        </Button>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label="Files to upload"
          onChange={({ currentTarget }) => {
            void upload([...(currentTarget.files ?? [])]);
            currentTarget.value = "";
          }}
        />
      </div>
      {files.length === 0 ? (
        <div className="rounded-card border border-dashed border-border">
          <EmptyState
            icon={<FolderOpen size={20} />}
            title="Nothing is in here"
            text="Drop files here, or upload them with the button above."
          />
        </div>
      ) : (
        <FileTable sandbox={sandbox} folder={folder} files={files} canArrange={canArrange} linkTo={linkTo} />
      )}
      {naming && (
        <NewFolderDialog
          sandbox_id={sandbox.id}
          folder={folder}
          files={files}
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  );
}

function countWords(count: number): string {
  if (count === MOST_ENTRIES) return `The first ${formatCount(count)} entries`;
  return count === 1 ? "1 entry" : `${formatCount(count)} entries`;
}

type AbsentProps = Omit<FolderViewProps, "canArrange"> & {
  query: { error: Error | null; isPending: boolean; isFetching: boolean; refetch: () => unknown };
};

/** What there is to say while there is no list. */
function Absent({ sandbox, folder, linkTo, query: { error, isPending, isFetching, refetch } }: AbsentProps) {
  if (isPending) return <SkeletonRows rows={6} label="Loading files" />;
  if (!sandboxCan.startSession(sandbox)) {
    return (
      <EmptyState
        title="Its files are not reachable now"
        text={`The sandbox is ${sandbox.state}: start it to see them.`}
      />
    );
  }
  if (isApiError(error) && error.status === 404 && folder !== "") {
    return (
      <EmptyState
        title="There is no such folder"
        text="It was moved or deleted."
        actions={
          <Link to={linkTo({ folder: "", file: null })} className={buttonClass()}>
            To the sandbox's folder
          </Link>
        }
      />
    );
  }
  return (
    <ErrorState
      title="The folder could not be read"
      text={messageOf(error)}
      onRetry={() => void refetch()}
      retrying={isFetching}
    />
  );
}
