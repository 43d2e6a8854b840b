import { useMutation } from "@tanstack/react-query";
import { messageOf } from "#src/web/api/api-error.ts";
import { deleteFileMutation } from "#src/web/api/queries/files.ts";
import { confirmAction } from "#src/web/ui/confirm-store.ts";
import { toast } from "#src/web/ui/toast.tsx";
import { nameOf } from "./file-path.logic.ts";

/** Deletes a file or a folder after a question; tells whether it is gone. */
export function useDelete(sandbox_id: string) {
  const { mutateAsync, isPending } = useMutation(deleteFileMutation);

  async function remove({ path, is_dir }: { path: string; is_dir: boolean }): Promise<boolean> {
    const name = nameOf(path);
    const confirmed = await confirmAction({
      title: `Delete ${name}?`,
      body: is_dir
        ? "The folder goes with everything in it. It cannot be taken back."
        : "It cannot be taken back.",
      action: is_dir ? "Delete folder" : "Delete file",
      danger: true,
    });
    if (!confirmed) return false;
    try {
      await mutateAsync({ sandbox_id, path });
    } catch (error) {
      toast.error(`${name} was not deleted`, messageOf(error));
      return false;
    }
    toast.success(`${name} was deleted`);
    return true;
  }

  return { remove, removing: isPending };
}
