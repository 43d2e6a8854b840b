import { BackendError } from "#src/backends/backend-error.ts";
import type { FilesPort } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { MAX_UPLOAD_BYTES } from "./attachments.ts";
import { FileEntries, Ignored } from "./wire.ts";

/** The server's file routes (0.1.11 and later). Relative paths start at its user's home. */
export function createFiles(http: Http): FilesPort {
  return {
    async list(_, path, signal) {
      const entries = await http.json({ path: "/v1/fs/entries", query: { path }, signal }, FileEntries);
      return entries.map(({ path, size, entryType, modified }) => ({
        path,
        size,
        is_dir: entryType === "directory",
        modified_at: modified ?? null,
      }));
    },
    read: (_, path, signal) => http.bytes({ path: "/v1/fs/file", query: { path }, signal }),
    async write(_, path, bytes, signal) {
      if (bytes.byteLength > MAX_UPLOAD_BYTES)
        throw new BackendError("too_large", "This server takes files up to 2 MB.");
      const raw = { bytes: new Uint8Array(bytes), content_type: "application/octet-stream" };
      await http.json({ method: "PUT", path: "/v1/fs/file", query: { path }, raw, signal }, Ignored);
    },
    async remove(_, path, signal) {
      const query = { path, recursive: true };
      await http.json({ method: "DELETE", path: "/v1/fs/entry", query, signal }, Ignored);
    },
  };
}
