/** Where drafts are kept: the part of `Storage` that is needed. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const key = (sessionId: string): string => `sandbar.draft.${sessionId}`;

/** Unsent text per session, kept through a reload. A storage that refuses costs only the keeping. */
export type DraftStore = {
  read: (sessionId: string) => string;
  write: (sessionId: string, text: string) => void;
  /** A message has arrived: it is no draft any more. What was typed since stays. */
  sent: (sessionId: string, text: string) => void;
};

export function createDraftStore(storage: DraftStorage): DraftStore {
  const read: DraftStore["read"] = (sessionId) => attempt(() => storage.getItem(key(sessionId))) ?? "";
  const write: DraftStore["write"] = (sessionId, text) => {
    attempt(() => (text === "" ? storage.removeItem(key(sessionId)) : storage.setItem(key(sessionId), text)));
  };
  return {
    read,
    write,
    sent: (sessionId, text) => {
      if (read(sessionId) === text) write(sessionId, "");
    },
  };
}

/** Private windows and full quotas throw; the text is still in the field, so nothing is lost but the copy. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
