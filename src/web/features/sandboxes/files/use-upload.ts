import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "#src/web/api/api-error.ts";
import { type FileInfo, uploadFileMutation } from "#src/web/api/queries/files.ts";
import { confirmAction } from "#src/web/ui/confirm-store.ts";
import { toast } from "#src/web/ui/toast.tsx";
import { nameOf, pathIn } from "./file-path.logic.ts";

/** Puts files into a folder one after another, and asks before one that is there is replaced. */
export function useUpload(sandbox_id: string, folder: string, present: readonly FileInfo[]) {
  const { mutateAsync } = useMutation(uploadFileMutation);
  const [uploading, setUploading] = useState<string | null>(null);

  async function upload(files: readonly File[]): Promise<void> {
    const names = new Set(present.map(({ path }) => nameOf(path)));
    const taken = files.filter(({ name }) => names.has(name));
    if (taken.length > 0 && !(await confirmReplace(taken))) return;
    let done = 0;
    for (const file of files) {
      setUploading(file.name);
      try {
        await mutateAsync({ sandbox_id, path: pathIn(folder, file.name), file });
        done += 1;
      } catch (error) {
        toast.error(`${file.name} was not uploaded`, messageOf(error));
      }
    }
    setUploading(null);
    if (done > 0) toast.success(done === 1 ? "1 file was uploaded" : `${done} files were uploaded`);
  }

  return { upload, uploading };
}

function confirmReplace(files: readonly File[]): Promise<boolean> {
  const [first, ...more] = files;
  return confirmAction({
    title: more.length === 0 ? `Replace ${first?.name}?` : `Replace ${files.length} files?`,
    body: `In the folder already: ${files.map(({ name }) => name).join(", ")}. What is in them now is lost.`,
    action: "Replace",
    danger: true,
  });
}
