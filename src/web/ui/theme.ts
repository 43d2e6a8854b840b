import { useSyncExternalStore } from "react";
import { createStore } from "#src/lib/store.ts";

export type Theme = "light" | "dark" | "system";

/** Also read by public/theme.js, before the first paint. */
const storageKey = "sandbar.theme";

function storedTheme(): Theme {
  try {
    const theme = localStorage.getItem(storageKey);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system"; // storage is blocked
  }
}

const theme = createStore<Theme>(typeof localStorage === "undefined" ? "system" : storedTheme());

/** Shows the page in a theme, now and the next time; `system` follows the machine. */
export function setTheme(next: Theme): void {
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  theme.set(next);
  try {
    if (next === "system") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, next);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

export function useTheme(): Theme {
  return useSyncExternalStore(theme.subscribe, theme.get);
}
