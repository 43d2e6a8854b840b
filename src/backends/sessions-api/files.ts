import type { FilesPort } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { Files } from "./wire.ts";

/** The route of one file; the leading slash of its path is the route's own. */
export function filePath(sandbox_ref: string, path: string): string {
  const segments = path.replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
  return `/sandboxes/${encodeURIComponent(sandbox_ref)}/files/${segments}`;
}

export function createFiles(http: Http): FilesPort {
  return {
    async list(sandbox_ref, path, signal) {
      const route = `/sandboxes/${encodeURIComponent(sandbox_ref)}/files`;
      const query = { path: path === "" ? undefined : path };
      const files = await http.json({ path: route, query, signal }, Files);
      return files.map(({ path, size, is_dir, modified_at }) => ({
        path,
        size,
        is_dir,
        modified_at: modified_at ?? null,
      }));
    },
    read: (sandbox_ref, path, signal) => http.bytes({ path: filePath(sandbox_ref, path), signal }),
    async write(sandbox_ref, path, bytes, signal) {
      const raw = { bytes: new Uint8Array(bytes), content_type: "application/octet-stream" };
      await http.bytes({ method: "PUT", path: filePath(sandbox_ref, path), raw, signal });
    },
    async remove(sandbox_ref, path, signal) {
      await http.bytes({ method: "DELETE", path: filePath(sandbox_ref, path), signal });
    },
  };
}
