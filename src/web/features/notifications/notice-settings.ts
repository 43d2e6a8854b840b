import { useSyncExternalStore } from "react";
import { createStore } from "#src/lib/store.ts";
import { createStored } from "#src/web/ui/stored.ts";
import { type NoticeKind, noticeKinds } from "./notice.logic.ts";

/** What this browser tells of. Off until a person switches it on here. */
export type NoticeSettings = { readonly on: boolean; readonly wanted: Readonly<Record<NoticeKind, boolean>> };

const store = createStored<NoticeSettings>("sandbar.notifications", {
  parse: (kept) => {
    const value = typeof kept === "object" && kept !== null ? kept : {};
    const off: readonly unknown[] = "off" in value && Array.isArray(value.off) ? value.off : [];
    const wants = (kind: NoticeKind) => !off.includes(kind);
    return {
      on: "on" in value && value.on === true,
      wanted: {
        permission: wants("permission"),
        question: wants("question"),
        failed: wants("failed"),
        finished: wants("finished"),
      },
    };
  },
  format: ({ on, wanted }) => ({ on, off: noticeKinds.filter((kind) => !wanted[kind]) }),
});

/** Kept in this browser; every tab follows. */
export function setNotices(change: Partial<NoticeSettings>): void {
  store.set({ ...store.get(), ...change });
}

export function useNoticeSettings(): NoticeSettings {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** `unsupported`: the browser has none, or the page is on plain HTTP of another machine. */
export type NoticePermission = NotificationPermission | "unsupported";

const permission = createStore<NoticePermission>(readPermission());

function readPermission(): NoticePermission {
  if (typeof Notification === "undefined" || !window.isSecureContext) return "unsupported";
  // Android's browsers have the interface and refuse to construct one outside of a service worker.
  return /Android/.test(navigator.userAgent) ? "unsupported" : Notification.permission;
}

/** What the browser allows; follows a change made in the browser's own settings. */
export function useNoticePermission(): NoticePermission {
  return useSyncExternalStore(followPermission, permission.get);
}

function followPermission(listener: () => void): () => void {
  const unsubscribe = permission.subscribe(listener);
  const abort = new AbortController();
  const refresh = () => permission.set(readPermission());
  void navigator.permissions?.query({ name: "notifications" }).then((status) => {
    if (!abort.signal.aborted) status.addEventListener("change", refresh, { signal: abort.signal });
  });
  return () => {
    abort.abort();
    unsubscribe();
  };
}

/** Asks the person by the browser's own question; call it from a click alone. */
export async function askPermission(): Promise<NoticePermission> {
  await Notification.requestPermission();
  permission.set(readPermission());
  return permission.get();
}
