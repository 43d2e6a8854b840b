/** Where drafts are kept: the part of `Storage` that is needed. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const key = (sessionId: string): string => `sandbar.draft.${sessionId}`;

/** Unsent text per session, kept through a reload. A storage that refuses costs only the keeping. */
export type DraftStore = {
  read: (sessionId: string) => string;
  write: (sessionId: string, text: string) => void;
};

export function createDraftStore(storage: DraftStorage): DraftStore {
  return {
    read: (sessionId) => attempt(() => storage.getItem(key(sessionId))) ?? "",
    write: (sessionId, text) => {
      attempt(() =>
        text === "" ? storage.removeItem(key(sessionId)) : storage.setItem(key(sessionId), text),
      );
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
