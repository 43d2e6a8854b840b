import type { PendingRequest } from "#src/domain/request.ts";

/** A request of the list. `since`: when it came onto this page, in milliseconds of `performance.now()`. */
export type Item = {
  readonly request: PendingRequest;
  readonly since: number;
  /** False once it is resolved: it stays in its place until the person goes on. */
  readonly waiting: boolean;
};

/**
 * What waits, in the order it came, and which of it is shown. Nothing that others do moves the rows or swaps what is
 * shown: new requests come last, resolved ones stay where they are.
 */
export type Triage = {
  readonly items: readonly Item[];
  /** `since`: from when on the grace before its keys act is counted. */
  readonly shown: { readonly id: string; readonly since: number } | null;
  /** Answered here while the list that still holds them is fetched again. */
  readonly answered: ReadonlySet<string>;
};

export const emptyTriage: Triage = { items: [], shown: null, answered: new Set() };

/** After the list of pending requests (oldest first) changed; the first one is shown when none was. */
export function sync(triage: Triage, pending: readonly PendingRequest[], now: number): Triage {
  const waiting = new Map(pending.map((request) => [request.id, request]));
  const answered = new Set([...triage.answered].filter((id) => waiting.has(id)));
  for (const id of answered) waiting.delete(id);
  const kept = triage.items.map((item): Item => {
    const request = waiting.get(item.request.id);
    waiting.delete(item.request.id);
    return request ? { ...item, request, waiting: true } : { ...item, waiting: false };
  });
  const fresh = [...waiting.values()].map((request): Item => ({ request, since: now, waiting: true }));
  const items = [...kept, ...fresh];
  const first = items.find((item) => item.waiting);
  const shown = triage.shown ?? (first ? { id: first.request.id, since: now } : null);
  return { items, shown, answered };
}

/** The person chose one: a row, or an address. The rows stay where they are, for the pointer is on one of them. */
export function show(triage: Triage, id: string, now: number): Triage {
  return triage.shown?.id === id ? triage : { ...triage, shown: { id, since: now } };
}

/** The address names none any more: what is no row of the list gives way to the first that waits. */
export function leave(triage: Triage, now: number): Triage {
  if (triage.items.some((item) => item.request.id === triage.shown?.id)) return triage;
  const first = triage.items.find((item) => item.waiting);
  return { ...triage, shown: first ? { id: first.request.id, since: now } : null };
}

/**
 * One step down (1) or up (-1) by key, to the next that waits; the same triage when there is none. What is resolved
 * leaves. Whoever steps onto a request that was in view long enough may answer it at once.
 */
export function step(triage: Triage, by: 1 | -1): Triage {
  const here = triage.items.findIndex((item) => item.request.id === triage.shown?.id);
  const rows = by > 0 ? triage.items.slice(here + 1) : triage.items.slice(0, Math.max(0, here)).toReversed();
  const target = rows.find((item) => item.waiting);
  return target ? goOn(triage, { id: target.request.id, since: target.since }) : triage;
}

/**
 * The server took an answer that was given here. If it is still shown, the next that waits is, or the first one, with a
 * grace that begins now; a person who has gone elsewhere meanwhile stays there.
 */
export function noteAnswered(triage: Triage, id: string, now: number): Triage {
  const items = triage.items.map((item) => (item.request.id === id ? { ...item, waiting: false } : item));
  const noted = { ...triage, items, answered: new Set([...triage.answered, id]) };
  if (triage.shown?.id !== id) return noted;
  const here = items.findIndex((item) => item.request.id === id);
  const next = [...items.slice(here + 1), ...items.slice(0, here)].find((item) => item.waiting);
  return goOn(noted, next ? { id: next.request.id, since: now } : null);
}

/** How many wait. */
export function waitingCount({ items }: Triage): number {
  return items.filter((item) => item.waiting).length;
}

/** Which of those of its session and kind one is, 1 for the first; null when it is the only one. */
export function placeAmong(
  items: readonly Item[],
  { request }: Item,
): { place: number; total: number } | null {
  const alike = items.filter(
    (item) =>
      item.waiting && item.request.session_id === request.session_id && item.request.kind === request.kind,
  );
  const place = alike.findIndex((item) => item.request.id === request.id) + 1;
  return place > 0 && alike.length > 1 ? { place, total: alike.length } : null;
}

/** A request as the server has it now that it is resolved; as it was while that is not known yet. */
export function resolvedOf(request: PendingRequest, recent: readonly PendingRequest[]): PendingRequest {
  return recent.find(({ id }) => id === request.id) ?? request;
}

function goOn(triage: Triage, shown: Triage["shown"]): Triage {
  return { ...triage, shown, items: triage.items.filter((item) => item.waiting) };
}
