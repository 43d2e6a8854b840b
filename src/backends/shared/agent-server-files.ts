import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import type { FilesPort } from "#src/backends/backend.ts";
import { MAX_BODY_BYTES } from "./agent-server.ts";
import type { Http } from "./http.ts";

const FileEntries = z.array(
  z.looseObject({
    path: z.string(),
    entryType: z.string(),
    size: z.number().default(0),
    modified: z.string().nullish(),
  }),
);

const Ignored = z.unknown();

/**
 * The file routes of Sandbox Agent (0.1.11 and later). `placeOf` makes of a path what is sent; the server starts a relative
 * one at its user's home.
 */
export function createFiles(
  http: Http,
  placeOf: (path: string, signal: AbortSignal) => Promise<string> = (path) => Promise.resolve(path),
): FilesPort {
  /** @throws BackendError `already_exists`; the server would make a folder over one, and says no more than 400 to a move */
  async function assertFree(path: string, wanted: string, signal: AbortSignal): Promise<void> {
    try {
      await http.json({ path: "/v1/fs/stat", query: { path }, signal }, Ignored);
    } catch (error) {
      // What is not there is a bad request to it.
      if (error instanceof BackendError && ["invalid_request", "not_found"].includes(error.code)) return;
      throw error;
    }
    throw new BackendError("already_exists", `${wanted} is there already. Choose another name.`);
  }

  return {
    async list(_, wanted, signal) {
      const query = { path: await placeOf(wanted, signal) };
      const entries = await http.json({ path: "/v1/fs/entries", query, signal }, FileEntries);
      return entries.map(({ path, size, entryType, modified }) => ({
        path,
        size,
        is_dir: entryType === "directory",
        modified_at: modified ?? null,
      }));
    },
    async read(_, path, signal) {
      const query = { path: await placeOf(path, signal) };
      return http.bytes({ path: "/v1/fs/file", query, signal });
    },
    async write(_, path, bytes, signal) {
      if (bytes.byteLength > MAX_BODY_BYTES)
        throw new BackendError("too_large", "This server takes files up to 2 MB.");
      const raw = { bytes: new Uint8Array(bytes), content_type: "application/octet-stream" };
      const query = { path: await placeOf(path, signal) };
      await http.bytes({ method: "PUT", path: "/v1/fs/file", query, raw, signal });
    },
    async remove(_, path, signal) {
      // A folder that is not empty is refused without it.
      const query = { path: await placeOf(path, signal), recursive: true };
      await http.bytes({ method: "DELETE", path: "/v1/fs/entry", query, signal });
    },
    async makeFolder(_, wanted, signal) {
      const path = await placeOf(wanted, signal);
      await assertFree(path, wanted, signal);
      await http.json({ method: "POST", path: "/v1/fs/mkdir", query: { path }, signal }, Ignored);
    },
    async move(_, wanted, place, signal) {
      const [from, to] = [await placeOf(wanted, signal), await placeOf(place, signal)];
      await assertFree(to, place, signal);
      await http.json(
        { method: "POST", path: "/v1/fs/move", body: { from, to, overwrite: false }, signal },
        Ignored,
      );
    },
  };
}
