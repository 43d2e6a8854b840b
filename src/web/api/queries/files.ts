import { mutationOptions, queryOptions } from "@tanstack/react-query";
import type { BodyIn, ResponseOf } from "#src/contract/routes.ts";
import { call, rawCall, rawUrl } from "#src/web/api/call.ts";
import { sandboxKeys } from "#src/web/api/queries/sandboxes.ts";

export type FileInfo = ResponseOf<"GET /sandboxes/{sandbox_id}/files">[number];
export type CommandResult = ResponseOf<"POST /sandboxes/{sandbox_id}/exec">;

/** The most entries of a folder that are asked for, as many as the server gives. */
export const MOST_ENTRIES = 1000;

const fileKeys = {
  all: (sandbox_id: string) => [...sandboxKeys.one(sandbox_id), "files"] as const,
  folder: (sandbox_id: string, path: string) => [...fileKeys.all(sandbox_id), "folder", path] as const,
  content: (sandbox_id: string, path: string) => [...fileKeys.all(sandbox_id), "content", path] as const,
};

/** A folder of a sandbox; "" is the one it starts in. Asked anew at each look: agents change it meanwhile. */
export function folderQuery(sandbox_id: string, path: string) {
  return queryOptions({
    queryKey: fileKeys.folder(sandbox_id, path),
    queryFn: ({ signal }) =>
      call("GET /sandboxes/{sandbox_id}/files", {
        params: { sandbox_id },
        query: { path, limit: String(MOST_ENTRIES) },
        signal,
      }),
    staleTime: 0,
    retry: false,
  });
}

/** A file's bytes; forgotten when nobody looks at it any more. */
export function fileQuery(sandbox_id: string, path: string) {
  return queryOptions({
    queryKey: fileKeys.content(sandbox_id, path),
    queryFn: ({ signal }) => rawCall(filePath(sandbox_id, path), { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** Where a file is downloaded from. */
export function fileUrl(sandbox_id: string, path: string): string {
  return rawUrl(filePath(sandbox_id, path));
}

type OneFile = { sandbox_id: string; path: string };

/** Writes a whole file, over one that is there. */
export const uploadFileMutation = mutationOptions({
  mutationFn: ({ sandbox_id, path, file }: OneFile & { file: File }) =>
    rawCall(filePath(sandbox_id, path), {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: file,
    }),
  onSettled: (_answer, _error, { sandbox_id }, _result, { client }) =>
    client.invalidateQueries({ queryKey: fileKeys.all(sandbox_id) }),
});

/** Makes a folder and those above it; 409 when something has its name. */
export const makeFolderMutation = mutationOptions({
  mutationFn: ({ sandbox_id, path }: OneFile) =>
    call("POST /sandboxes/{sandbox_id}/fs/mkdir", { params: { sandbox_id }, body: { path } }),
  onSettled: (_answer, _error, { sandbox_id }, _result, { client }) =>
    client.invalidateQueries({ queryKey: fileKeys.all(sandbox_id) }),
});

type Move = { sandbox_id: string } & BodyIn<"POST /sandboxes/{sandbox_id}/fs/move">;

/** Renames or moves a file or a folder; 409 when something has that name. The lists follow; what was open is gone. */
export const moveFileMutation = mutationOptions({
  mutationFn: ({ sandbox_id, ...body }: Move) =>
    call("POST /sandboxes/{sandbox_id}/fs/move", { params: { sandbox_id }, body }),
  onSettled: (_answer, _error, { sandbox_id }, _result, { client }) =>
    client.invalidateQueries({ queryKey: [...fileKeys.all(sandbox_id), "folder"] }),
});

/** Removes a file, or a folder with everything in it. */
export const deleteFileMutation = mutationOptions({
  mutationFn: ({ sandbox_id, path }: OneFile) => rawCall(filePath(sandbox_id, path), { method: "DELETE" }),
  onSettled: (_answer, _error, { sandbox_id }, _result, { client }) =>
    client.invalidateQueries({ queryKey: fileKeys.all(sandbox_id) }),
});

type Command = { sandbox_id: string; signal: AbortSignal } & BodyIn<"POST /sandboxes/{sandbox_id}/exec">;

/** Runs a command to its end; what it did to the files shows. */
export const runCommandMutation = mutationOptions({
  mutationFn: ({ sandbox_id, signal, ...body }: Command) =>
    call("POST /sandboxes/{sandbox_id}/exec", { params: { sandbox_id }, body, signal }),
  onSettled: (_answer, _error, { sandbox_id }, _result, { client }) =>
    client.invalidateQueries({ queryKey: fileKeys.all(sandbox_id) }),
});

/** A path that begins with a slash keeps it: the slash before it is the route's own. */
function filePath(sandbox_id: string, path: string): string {
  const segments = path.replace(/^\//, "").split("/").map(encodeURIComponent).join("/");
  const file = path.startsWith("/") ? `%2F${segments}` : segments;
  return `/sandboxes/${encodeURIComponent(sandbox_id)}/files/${file}`;
}
