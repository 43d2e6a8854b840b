import { useMutation } from "@tanstack/react-query";
import { type FileInfo, makeFolderMutation, moveFileMutation } from "#src/web/api/queries/files.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { toast } from "#src/web/ui/toast.tsx";
import { folderOf, nameOf } from "./file-path.logic.ts";
import { NameDialog } from "./name-dialog.tsx";

type NewFolderDialogProps = {
  sandbox_id: string;
  folder: string;
  files: readonly FileInfo[];
  onClose: () => void;
};

export function NewFolderDialog({ sandbox_id, folder, files, onClose }: NewFolderDialogProps) {
  const { mutateAsync } = useMutation(makeFolderMutation);
  return (
    <NameDialog
      title="New folder"
      action="Make folder"
      hint="Several with slashes between make one in the other."
      initial=""
      folder={folder}
      taken={files.map(({ path }) => path)}
      onSave={async (path) => {
        await mutateAsync({ sandbox_id, path });
        toast.success(`${nameOf(path)} was made`);
        onClose();
      }}
      onClose={onClose}
    />
  );
}

type RenameDialogProps = {
  sandbox_id: string;
  file: Pick<FileInfo, "path" | "is_dir">;
  files: readonly FileInfo[];
  onMoved: (path: string) => void;
  onClose: () => void;
};

/** Another name for a file or a folder; with folders before it, another place. */
export function RenameDialog({ sandbox_id, file, files, onMoved, onClose }: RenameDialogProps) {
  const { mutateAsync } = useMutation(moveFileMutation);
  const folder = folderOf(file.path);
  const name = nameOf(file.path);
  return (
    <NameDialog
      title={`Rename ${visibleText(name)}`}
      action={file.is_dir ? "Rename folder" : "Rename file"}
      hint="With a folder before it, such as docs/ or ../, it moves there."
      initial={name}
      folder={folder}
      taken={files.map(({ path }) => path)}
      onSave={async (path) => {
        await mutateAsync({ sandbox_id, from: file.path, to: path });
        const moved = folderOf(path) === folder ? nameOf(path) : path;
        toast.success(`${name} is ${moved} now`);
        onMoved(path);
      }}
      onClose={onClose}
    />
  );
}
