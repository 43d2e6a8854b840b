import { useEffect, useState, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import { createStore } from "#src/lib/store.ts";
import { paths } from "#src/web/paths.ts";
import { emptyTriage, leave, noteAnswered, show, step, sync, type Triage } from "./triage.logic.ts";

/**
 * Goes through what waits; the rules are `triage.logic.ts`'s. The address names what is shown: `wanted` is what it
 * says, and every step of the person writes it there.
 */
export function useTriage(pending: readonly PendingRequest[] | undefined, wanted: string | null) {
  // A store and not state: what is shown depends on the clock, which only effects and handlers may read.
  const [store] = useState(() => createStore(emptyTriage));
  const triage = useSyncExternalStore(store.subscribe, store.get);
  const navigate = useNavigate();

  useEffect(() => {
    const now = performance.now();
    store.set(wanted === null ? leave(store.get(), now) : show(store.get(), wanted, now));
  }, [store, wanted]);
  useEffect(() => {
    if (pending) store.set(sync(store.get(), pending, performance.now()));
  }, [store, pending]);

  /** Shows what `next` shows; tells whether that is another request. */
  const goTo = (next: Triage): boolean => {
    const before = store.get().shown?.id;
    store.set(next);
    const id = next.shown?.id;
    if (id === before) return false;
    void navigate(id ? paths.request({ request_id: id }) : paths.inbox(), { replace: true });
    return true;
  };
  return {
    triage,
    /** One step by key; false at the end of the list. */
    step: (by: 1 | -1): boolean => goTo(step(store.get(), by)),
    /** Goes on after an answer: whether to another request, and which is shown then. */
    noteAnswered: (id: string): { moved: boolean; shown: PendingRequest | null } => {
      const moved = goTo(noteAnswered(store.get(), id, performance.now()));
      const { items, shown } = store.get();
      return { moved, shown: items.find(({ request }) => request.id === shown?.id)?.request ?? null };
    },
  };
}
