import { useQuery } from "@tanstack/react-query";
import { Download, FileX, Pencil, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatBytes } from "#src/lib/format.ts";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { fileQuery, fileUrl, folderQuery, MOST_ENTRIES } from "#src/web/api/queries/files.ts";
import { Button, buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { RenameDialog } from "./arrange-dialogs.tsx";
import { canShow, imageTypeOf, textOf } from "./file-content.logic.ts";
import { nameOf } from "./file-path.logic.ts";
import { ImageFile } from "./image-file.tsx";
import { TextFile } from "./text-file.tsx";
import { useDelete } from "./use-delete.ts";

type FileViewProps = {
  sandbox: Sandbox;
  folder: string;
  file: string;
  /** Its backend renames. */
  canArrange: boolean;
  onMoved: (path: string) => void;
  onDeleted: () => void;
};

/** One file: what is in it, where that can be shown, and what can be done with it. */
export function FileView({ sandbox, folder, file, canArrange, onMoved, onDeleted }: FileViewProps) {
  const [renaming, setRenaming] = useState(false);
  const listing = useQuery(folderQuery(sandbox.id, folder));
  const { remove, removing } = useDelete(sandbox.id);
  const info = listing.data?.find(({ path }) => path === file);
  // A list that was cut short may lack a file that is there.
  const gone = listing.data && listing.data.length < MOST_ENTRIES && !info;
  const handleDelete = async () => {
    if (await remove({ path: file, is_dir: false })) onDeleted();
  };
  // While it is renamed it is gone from the list before the address follows.
  if (gone && !renaming) return <NoFile />;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex-1 text-xs text-faint">
          {info && formatBytes(info.size)}
          {info?.modified_at && (
            <>
              {" · changed "}
              <RelativeTime at={info.modified_at} />
            </>
          )}
        </span>
        <a href={fileUrl(sandbox.id, file)} download={nameOf(file)} className={buttonClass()}>
          <Download size={16} aria-hidden />
          Download
        </a>
        {canArrange && (
          <Button icon={<Pencil size={16} aria-hidden />} onClick={() => setRenaming(true)}>
            Rename…
          </Button>
        )}
        <Button icon={<Trash2 size={16} aria-hidden />} busy={removing} onClick={() => void handleDelete()}>
          Delete…
        </Button>
      </div>
      {listing.isPending ? (
        <SkeletonRows rows={6} label="Loading the file" />
      ) : info && !canShow(file, info.size) ? (
        <EmptyState
          icon={<FileX size={20} />}
          title="It is too large to be shown"
          text="Download it to see what is in it."
        />
      ) : (
        <Content sandbox={sandbox} file={file} />
      )}
      {renaming && (
        <RenameDialog
          sandbox_id={sandbox.id}
          file={{ path: file, is_dir: false }}
          files={listing.data ?? []}
          onMoved={onMoved}
          onClose={() => setRenaming(false)}
        />
      )}
    </div>
  );
}

function Content({ sandbox, file }: { sandbox: Sandbox; file: string }) {
  const { data: bytes, error, isPending, isFetching, refetch } = useQuery(fileQuery(sandbox.id, file));
  const type = imageTypeOf(file);
  const text = useMemo(() => (bytes && type === null ? textOf(bytes) : null), [bytes, type]);
  if (isPending) return <SkeletonRows rows={6} label="Loading the file" />;
  if (!bytes) {
    return isApiError(error) && error.status === 404 ? (
      <NoFile />
    ) : (
      <ErrorState
        title="The file could not be read"
        text={messageOf(error)}
        onRetry={() => void refetch()}
        retrying={isFetching}
      />
    );
  }
  if (bytes.length === 0) return <EmptyState title="The file is empty" />;
  if (type !== null) return <ImageFile bytes={bytes} type={type} name={nameOf(file)} />;
  if (text !== null) return <TextFile text={text} file={file} />;
  return (
    <EmptyState
      icon={<FileX size={20} />}
      title="It is not text"
      text="Download it to open it with a program of yours."
    />
  );
}

function NoFile() {
  return <EmptyState title="There is no such file" text="It was moved or deleted." />;
}
