/**
 * Takes the one-time code out of `/sign-in#CODE` and clears it from the address bar and the history at once: a fragment
 * never reaches a server's log, and after this it is in no bookmark either.
 */
export function takeCode(): string | null {
  const code = codeIn(window.location.hash);
  if (code) window.history.replaceState(window.history.state, "", window.location.pathname);
  return code;
}

/** The code in what a person pasted: a whole link or the code alone. */
export function codeIn(text: string): string | null {
  const code = text.trim().replace(/^.*#/, "");
  return code === "" ? null : code;
}
