import { changedFiles, withinBudget } from "#src/transcript/changes.ts";
import { outlineOf } from "#src/transcript/outline.ts";
import type { ChangedFile, OutlineTurn } from "#src/transcript/rows.ts";
import { type RowMatches, searchRows } from "#src/transcript/search.ts";
import { handlers, reply } from "../http/mount.ts";
import type { Services } from "./services.ts";

const ROWS_PER_PAGE = 200;
const FOUND_ROWS = 10_000;
/** As much of the diffs as an answer holds; the files that were changed first go without theirs. */
const DIFF_CHARS = 4_000_000;

export function transcriptHandlers({ sessions, transcripts }: Services) {
  return handlers({
    "GET /sessions/{session_id}/transcript": async ({ params, query }) => {
      const session = await sessions.read(params.session_id);
      sessions.follow(session);
      const page = await transcripts.page(session.id, query.before ?? null, query.limit ?? ROWS_PER_PAGE);
      return reply("GET /sessions/{session_id}/transcript", 200, page);
    },
    "GET /sessions/{session_id}/transcript/search": async ({ params, query, signal }) => {
      const { id } = await sessions.read(params.session_id);
      const found: RowMatches[] = [];
      const cursor = await transcripts.walk(id, { before: query.before, signal }, (rows) =>
        found.push(...searchRows(rows, query.q)),
      );
      return reply("GET /sessions/{session_id}/transcript/search", 200, {
        rows: found.slice(-(query.limit ?? FOUND_ROWS)),
        total: found.reduce((sum, { count }) => sum + count, 0),
        cursor,
      });
    },
    "GET /sessions/{session_id}/changes": async ({ params, query, signal }) => {
      const { id } = await sessions.read(params.session_id);
      let files: readonly ChangedFile[] = [];
      const cursor = await transcripts.walk(id, { before: query.before, signal }, (rows) => {
        files = changedFiles(rows, files);
      });
      return reply("GET /sessions/{session_id}/changes", 200, {
        files: withinBudget(files, DIFF_CHARS),
        cursor,
      });
    },
    "GET /sessions/{session_id}/outline": async ({ params, query, signal }) => {
      const { id } = await sessions.read(params.session_id);
      let turns: OutlineTurn[] = [];
      const cursor = await transcripts.walk(id, { before: query.before, signal }, (rows) => {
        turns = outlineOf(rows, turns);
      });
      return reply("GET /sessions/{session_id}/outline", 200, { turns, cursor });
    },
  });
}
