/** What a word under the caret asks for: a command (`/` at the start of the text) or a file (`@` at a word's start). */
export type Trigger = { kind: "command" | "file"; query: string; start: number; end: number };

/** The trigger at the caret, or null. `start` to `end` is what a choice replaces. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const command = /^\/(\S*)$/.exec(before);
  if (command) return { kind: "command", query: command[1] ?? "", start: 0, end: caret };
  const file = /(?:^|\s)@(\S*)$/.exec(before);
  if (!file) return null;
  const query = file[1] ?? "";
  return { kind: "file", query, start: caret - query.length - 1, end: caret };
}

/** The text with the trigger replaced by the choice and a space, and where the caret goes. */
export function applyChoice(text: string, trigger: Trigger, value: string): { text: string; caret: number } {
  const mark = trigger.kind === "command" ? "/" : "@";
  const after = text.slice(trigger.end);
  const inserted = `${mark}${value}${/^\s/.test(after) ? "" : " "}`;
  return { text: text.slice(0, trigger.start) + inserted + after, caret: trigger.start + inserted.length };
}

/** Names that fit what was typed, those that start with it first. */
export function matching<T>(items: readonly T[], nameOf: (item: T) => string, query: string): T[] {
  const wanted = query.toLowerCase();
  const starts = items.filter((item) => nameOf(item).toLowerCase().startsWith(wanted));
  const contains = items.filter((item) => nameOf(item).toLowerCase().indexOf(wanted) > 0);
  return [...starts, ...contains];
}
