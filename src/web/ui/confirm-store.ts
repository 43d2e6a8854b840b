import type { ReactNode } from "react";

export type Confirmation = {
  title: string;
  body?: ReactNode;
  /** The verb on the button: "Delete sandbox". */
  action: string;
  danger?: boolean;
  /** What a person has to type before the button works, such as the name of what goes. */
  typeToConfirm?: string;
};

type Asked = Confirmation & { id: number; resolve: (confirmed: boolean) => void };

let asked: readonly Asked[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Asked[]): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** Asks before something is done: `true` for yes, `false` for cancel. Several wait for their turn, oldest first. */
export function confirmAction(confirmation: Confirmation): Promise<boolean> {
  return new Promise((resolve) => {
    lastId += 1;
    set([...asked, { ...confirmation, id: lastId, resolve }]);
  });
}

/** The question on screen now. */
export function currentConfirmation(): Asked | null {
  return asked[0] ?? null;
}

export function settleConfirmation(id: number, confirmed: boolean): void {
  const found = asked.find((one) => one.id === id);
  if (!found) return;
  set(asked.filter((one) => one.id !== id));
  found.resolve(confirmed);
}

export function subscribeConfirmations(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
