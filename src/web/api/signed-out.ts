const listeners = new Set<() => void>();

/** Calls back when the server says that nobody is signed in here any more. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Told by whoever gets a 401. */
export function reportSignedOut(): void {
  for (const listener of listeners) listener();
}
