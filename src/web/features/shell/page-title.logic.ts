/** The browser tab's title: what waits comes first, so that a row of tabs shows it. */
export function tabTitle(page: string | null, pending: number): string {
  const count = pending > 0 ? `(${pending}) ` : "";
  return `${count}${page ? `${page} · ` : ""}Sandbar`;
}
