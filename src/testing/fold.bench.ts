import { bench, describe } from "vitest";
import type { Envelope } from "#src/domain/event.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { groupRows, type RowItem } from "#src/transcript/group.ts";
import { emptyTranscript, pageOf } from "#src/transcript/page.ts";
import { searchRows } from "#src/transcript/search.ts";
import { envelope } from "./event-log.ts";
import { longSession } from "./long-session.ts";

// `npx vitest bench src/testing/fold.bench.ts`: the fold's share of the budgets in design §8.
const empty = emptyTranscript();
const events = longSession(870);
const rows10k = foldAll(empty, longSession(556));

describe("all of a session", () => {
  bench(`foldAll, ${events.length} events`, () => {
    foldAll(empty, events);
  });
});

describe(`at the end of ${rows10k.rows.length} rows`, () => {
  let state = rows10k;
  let items: readonly RowItem[] = groupRows(state.rows);
  const frame = (): Envelope[] => {
    const last = Number(state.cursor);
    return Array.from({ length: 10 }, (_, n) =>
      envelope(last + 1 + n, "text_delta", { text: "word ", block_id: "b" }),
    );
  };
  bench("foldAll, one frame of 10 deltas", () => {
    state = foldAll(state, frame());
  });
  bench("foldAll and groupRows, one frame of 10 deltas", () => {
    state = foldAll(state, frame());
    items = groupRows(state.rows, items);
  });
  bench("pageOf, 200 rows", () => {
    pageOf(rows10k, { limit: 200 });
  });
  bench("searchRows, a word in every text row", () => {
    searchRows(rows10k.rows, "word 7");
  });
});
