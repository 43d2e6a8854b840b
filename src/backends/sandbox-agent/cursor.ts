/** Where a session stands: its instance, and the last message of it that became an event. */
export type Cursor = {
  server_id: string;
  /** Null: the instance is to be ended, as its turn was given up; nothing more of it may show. */
  position: number | null;
};

export function cursorAt(server_id: string, position: number): string {
  return `${server_id}:${position}`;
}

/** The cursor of a session whose instance could not be followed any more. */
export function abandonedCursor(server_id: string): string {
  return `${server_id}:lost`;
}

/** Reads a stored cursor; null when there is none or it is not ours. */
export function parseCursor(text: string | null): Cursor | null {
  const match = /^(.+):(\d+|lost)$/.exec(text ?? "");
  if (!match?.[1]) return null;
  return { server_id: match[1], position: match[2] === "lost" ? null : Number(match[2]) };
}
