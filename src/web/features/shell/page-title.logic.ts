/** The browser tab's title: what waits comes first, so that a row of tabs shows it. */
export function tabTitle(page: string | null, pending: number): string {
  const count = pending > 0 ? `(${pending}) ` : "";
  return `${count}${page ? `${page} · ` : ""}Sandbar`;
}

/** The browser tab's icon: the one with a dot while something waits. Both are files of `public/`. */
export function tabIcon(pending: number): string {
  return pending > 0 ? "/favicon-waiting.svg" : "/favicon.svg";
}
