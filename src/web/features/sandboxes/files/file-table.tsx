import { Download, File, Folder, Pencil, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatBytes, formatCount } from "#src/lib/format.ts";
import { type FileInfo, fileUrl } from "#src/web/api/queries/files.ts";
import { Button } from "#src/web/ui/button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#src/web/ui/table.tsx";
import { Tooltip } from "#src/web/ui/tooltip.tsx";
import { RenameDialog } from "./arrange-dialogs.tsx";
import { inOrder, nameOf } from "./file-path.logic.ts";
import { useDelete } from "./use-delete.ts";
import type { PlaceLinks } from "./use-place.ts";

/** A folder of packages has thousands: so many rows at a time. */
const STEP = 200;

type FileTableProps = PlaceLinks & {
  sandbox: Sandbox;
  folder: string;
  files: readonly FileInfo[];
  canArrange: boolean;
};

/** The entries of a folder, with size and time. */
export function FileTable({ sandbox, folder, files, canArrange, linkTo }: FileTableProps) {
  const { remove } = useDelete(sandbox.id);
  const [most, setMost] = useState(STEP);
  const [renaming, setRenaming] = useState<FileInfo | null>(null);
  const { list, follow } = useFollowed();
  const hidden = files.length - most;
  return (
    <div ref={list} className="contents">
      <Table label="Files">
        <TableHead>
          <tr>
            <TableHeader className="w-full">Name</TableHeader>
            <TableHeader className="text-right">Size</TableHeader>
            <TableHeader className="max-sm:hidden">Changed</TableHeader>
            <TableHeader>
              <span className="sr-only">Actions</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {inOrder(files)
            .slice(0, most)
            .map((file) => (
              <TableRow key={file.path}>
                <TableCell className="max-w-0">
                  <Link
                    to={linkTo(file.is_dir ? { folder: file.path, file: null } : { folder, file: file.path })}
                    data-path={file.path}
                    className="flex min-w-0 items-center gap-2 rounded-control py-0.5 hover:underline"
                  >
                    {file.is_dir ? (
                      <Folder size={14} className="shrink-0 text-accent" aria-hidden />
                    ) : (
                      <File size={14} className="shrink-0 text-faint" aria-hidden />
                    )}
                    <span className="sr-only">{file.is_dir ? "Folder" : "File"}</span>
                    <span className="truncate font-mono text-code">{visibleText(nameOf(file.path))}</span>
                  </Link>
                </TableCell>
                <TableCell className="text-right whitespace-nowrap text-muted tabular-nums">
                  {file.is_dir ? "" : formatBytes(file.size)}
                </TableCell>
                <TableCell className="whitespace-nowrap text-muted max-sm:hidden">
                  {file.modified_at && <RelativeTime at={file.modified_at} />}
                </TableCell>
                <TableCell className="py-0 pr-1 pl-0 text-right whitespace-nowrap">
                  {!file.is_dir && (
                    <Tooltip label={`Download ${nameOf(file.path)}`}>
                      <a
                        href={fileUrl(sandbox.id, file.path)}
                        download={nameOf(file.path)}
                        aria-label={`Download ${nameOf(file.path)}`}
                        className="inline-flex size-6 items-center justify-center rounded-control text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:size-9"
                      >
                        <Download size={14} aria-hidden />
                      </a>
                    </Tooltip>
                  )}
                  {canArrange && (
                    <IconButton
                      size="sm"
                      label={`Rename ${nameOf(file.path)}`}
                      icon={<Pencil size={14} />}
                      onClick={() => setRenaming(file)}
                    />
                  )}
                  <IconButton
                    size="sm"
                    label={`Delete ${nameOf(file.path)}`}
                    icon={<Trash2 size={14} />}
                    onClick={() => void remove(file)}
                  />
                </TableCell>
              </TableRow>
            ))}
        </TableBody>
      </Table>
      {hidden > 0 && (
        <Button className="self-center" onClick={() => setMost(most + STEP)}>
          Show {formatCount(Math.min(STEP, hidden))} more
        </Button>
      )}
      {renaming && (
        <RenameDialog
          sandbox_id={sandbox.id}
          file={renaming}
          files={files}
          onMoved={(path) => {
            setRenaming(null);
            follow(path);
          }}
          onClose={() => setRenaming(null)}
        />
      )}
    </div>
  );
}

/** Takes the focus along with a row that moved, or to the first one when it left: its button is gone by then. */
function useFollowed() {
  const list = useRef<HTMLDivElement>(null);
  const [followed, follow] = useState<string | null>(null);
  useEffect(() => {
    if (followed === null) return;
    const links = list.current?.querySelectorAll<HTMLElement>("[data-path]") ?? [];
    const target = [...links].find((link) => link.dataset.path === followed) ?? links[0];
    target?.focus();
  }, [followed]);
  return { list, follow };
}
