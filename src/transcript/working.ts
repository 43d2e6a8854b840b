import type { Envelope } from "#src/domain/event.ts";
import { compareIds } from "#src/lib/ids.ts";
import { applyToRow } from "./apply.ts";
import { LOOK_BACK } from "./limits.ts";
import { findRow } from "./row-order.ts";
import type { DeferredEvent, LiveRows, Row, RowBody, SessionView, TranscriptState } from "./rows.ts";

type LiveBlock = NonNullable<LiveRows["block"]>;

/** What may stand between two deltas of one block without cutting it in two. */
const asides: ReadonlySet<Row["kind"]> = new Set(["log", "notice", "error", "unparsed"]);

/**
 * One batch's mutable copy of the state. Handlers decide where an event goes (`push` a row, `change` a row); what it
 * does to that row is `applyToRow`'s. Rows are cloned at most once per batch, and only those that change.
 */
export class Working {
  event: Envelope;
  view: SessionView;
  readonly liveTools: LiveIndex;
  readonly liveRequests: LiveIndex;
  readonly #before: TranscriptState;
  #rows: readonly Row[];
  /** The batch's own copy of the rows; null until the first change. */
  #copy: Row[] | null = null;
  readonly #cloned = new Set<Row>();
  #block: LiveBlock | null;
  readonly #deferred: DeferredEvent[] = [];

  constructor(state: TranscriptState, first: Envelope) {
    this.#before = state;
    this.#rows = state.rows;
    this.event = first;
    this.view = state.view;
    this.#block = state.live.block;
    this.liveTools = new LiveIndex(state.live.tools);
    this.liveRequests = new LiveIndex(state.live.requests);
  }

  get block(): LiveBlock | null {
    return this.#block;
  }

  /** The turn that new rows belong to. */
  get turn_id(): string | null {
    return this.view.turn?.turn_id ?? null;
  }

  get newest(): Row | null {
    return this.#rows.at(-1) ?? null;
  }

  patchView(change: Partial<SessionView>): void {
    this.view = { ...this.view, ...change };
  }

  /** Adds a row that the current event opens. A row of the conversation ends the block that was streaming. */
  push(body: RowBody, turn_id: string | null = this.turn_id): void {
    if (!asides.has(body.kind)) this.endBlock();
    const { id, timestamp } = this.event;
    const row: Row = {
      key: `${body.kind}:${id}`,
      turn_id,
      first_event_id: id,
      last_event_id: id,
      at: timestamp,
      ...body,
    };
    this.#own().push(row);
    this.#cloned.add(row);
    if ((body.kind === "text" || body.kind === "thinking") && body.open) {
      this.#block = { row: id, kind: body.kind, block_id: body.block_id };
    }
  }

  /** Folds the current event into the row that `ref` opened: now, or once its page is loaded. */
  change(ref: string): void {
    const index = findRow(this.#rows, ref);
    const row = this.#rows[index];
    if (!row) {
      if (this.#before.partial) this.#deferred.push({ row: ref, envelope: this.event });
      return;
    }
    // A page that was ahead of the stream when it came has this event in its rows already.
    if (compareIds(row.last_event_id, this.event.id) >= 0) return;
    const rows = this.#own();
    const clone = this.#cloned.has(row) ? row : cloneRow(row);
    this.#cloned.add(clone);
    rows[index] = clone;
    applyToRow(clone, this.event);
  }

  /** Ends the block that streams, if any: nothing more goes into it by position. */
  endBlock(): void {
    if (!this.#block) return;
    this.change(this.#block.row);
    this.#block = null;
  }

  /** The newest of the last `LOOK_BACK` rows that passes. */
  recent(test: (row: Row) => boolean): Row | null {
    const stop = Math.max(0, this.#rows.length - LOOK_BACK);
    for (let index = this.#rows.length - 1; index >= stop; index -= 1) {
      const row = this.#rows[index];
      if (row && test(row)) return row;
    }
    return null;
  }

  /** Whether a row belongs to the turn that runs, or to the last one while none runs. */
  inThisTurn(row: Row): boolean {
    if (row.turn_id === this.turn_id) return true;
    return this.turn_id === null && row.turn_id === this.view.ended_turn_id;
  }

  finish(cursor: string): TranscriptState {
    const before = this.#before;
    return {
      rows: this.#rows,
      view: this.view,
      cursor,
      partial: before.partial,
      live: this.#live(),
      deferred: this.#deferred.length === 0 ? before.deferred : [...before.deferred, ...this.#deferred],
    };
  }

  #live(): LiveRows {
    const { live } = this.#before;
    const tools = this.liveTools.list();
    const requests = this.liveRequests.list();
    if (live.block === this.#block && live.tools === tools && live.requests === requests) return live;
    return { block: this.#block, tools, requests };
  }

  #own(): Row[] {
    if (!this.#copy) {
      this.#copy = [...this.#rows];
      this.#rows = this.#copy;
    }
    return this.#copy;
  }
}

/** The live rows of one kind by the id in them: a list in the state, a map while a batch is folded. */
class LiveIndex {
  readonly #before: LiveRows["tools"];
  readonly #map: Map<string, string>;
  #changed = false;

  constructor(before: LiveRows["tools"]) {
    this.#before = before;
    this.#map = new Map(before.map((item) => [item.id, item.row]));
  }

  get isEmpty(): boolean {
    return this.#map.size === 0;
  }

  get(id: string): string | undefined {
    return this.#map.get(id);
  }

  set(id: string, row: string): void {
    this.#map.set(id, row);
    this.#changed = true;
  }

  delete(id: string): void {
    if (this.#map.delete(id)) this.#changed = true;
  }

  /** Takes every entry out and hands back their rows. */
  drain(): string[] {
    const rows = [...this.#map.values()];
    if (rows.length > 0) this.#changed = true;
    this.#map.clear();
    return rows;
  }

  list(): LiveRows["tools"] {
    return this.#changed ? Array.from(this.#map, ([id, row]) => ({ id, row })) : this.#before;
  }
}

/** A copy deep enough for `applyToRow` to write to. */
export function cloneRow(row: Row): Row {
  switch (row.kind) {
    case "tool":
      return { ...row, tool: { ...row.tool } };
    case "log":
      return { ...row, lines: [...row.lines] };
    case "permission":
      return { ...row, permission: { ...row.permission } };
    case "question":
      return { ...row, question: { ...row.question } };
    default:
      return { ...row };
  }
}
