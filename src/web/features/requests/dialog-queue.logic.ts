/** How long after a request appears its keys and buttons do nothing: what was typed was meant for something else. */
export const GRACE_MS = 500;

/**
 * Which request of the open session stands in the dialog. One that is shown is never replaced by another: it leaves
 * when it is resolved or put aside, and only then the oldest waiting one comes (design §7).
 */
export type DialogQueue = {
  readonly shown: { readonly id: string; readonly since: number } | null;
  /** Put aside with Esc: these wait in the dock. */
  readonly aside: ReadonlySet<string>;
};

export const emptyQueue: DialogQueue = { shown: null, aside: new Set() };

/**
 * The queue after the list of pending requests (oldest first) or the page's visibility changed. Nothing opens while
 * the page is not in front. The same reference when nothing changed. `now` in milliseconds.
 */
export function syncQueue(
  queue: DialogQueue,
  pending: readonly { readonly id: string }[],
  inFront: boolean,
  now: number,
): DialogQueue {
  const ids = new Set(pending.map((request) => request.id));
  const aside = [...queue.aside].every((id) => ids.has(id)) ? queue.aside : intersection(queue.aside, ids);
  if (queue.shown && ids.has(queue.shown.id)) return aside === queue.aside ? queue : { ...queue, aside };
  const next = inFront ? pending.find((request) => !aside.has(request.id)) : undefined;
  if (!next && !queue.shown && aside === queue.aside) return queue;
  return { shown: next ? { id: next.id, since: now } : null, aside };
}

/** The shown request goes to the dock; the others that wait stay there with it. */
export function putAside(queue: DialogQueue, pending: readonly { readonly id: string }[]): DialogQueue {
  if (!queue.shown) return queue;
  return { shown: null, aside: new Set([...queue.aside, ...pending.map((request) => request.id)]) };
}

/** Opens one from the dock. */
export function bringBack(queue: DialogQueue, id: string, now: number): DialogQueue {
  if (queue.shown) return queue;
  return { shown: { id, since: now }, aside: new Set([...queue.aside].filter((other) => other !== id)) };
}

/** Whether keys and buttons of a request that appeared at `since` work yet; both in milliseconds of one clock. */
export function isArmed(since: number, now: number): boolean {
  return now - since >= GRACE_MS;
}

function intersection(set: ReadonlySet<string>, ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...set].filter((id) => ids.has(id)));
}
