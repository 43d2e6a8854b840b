import { createStore } from "#src/lib/store.ts";

/** Which tab shows and whether the panel is open: of this browser, not of a session. */
export const panelTabs = ["plan", "changes", "events", "details"] as const;
export type PanelTab = (typeof panelTabs)[number];
/** Without a tab that the reader chose, the one that has something to show. */
export type PanelState = { open: boolean; tab: PanelTab | null };

const storageKey = "sandbar.panel";

export const panelState = createStore<PanelState>(read());

export function setPanel(change: Partial<PanelState>): void {
  const next = { ...panelState.get(), ...change };
  panelState.set(next);
  try {
    localStorage.setItem(storageKey, JSON.stringify(next));
  } catch {
    // Blocked or full: it is remembered as long as the page.
  }
}

function read(): PanelState {
  const fallback: PanelState = { open: true, tab: null };
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    if (typeof value !== "object" || value === null) return fallback;
    const tab = "tab" in value ? panelTabs.find((one) => one === value.tab) : undefined;
    return { open: !("open" in value) || value.open !== false, tab: tab ?? null };
  } catch {
    return fallback;
  }
}
