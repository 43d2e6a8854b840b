import type { SessionOption } from "#src/domain/agent.ts";

/** The Sessions API's modes (its spec, section 3), with what agents call the same; the first that is offered is meant. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  auto_approve: ["bypassPermissions", "full-access", "bypass", "yolo", "auto"],
  unrestricted: ["bypassPermissions", "full-access", "bypass", "yolo"],
  approve_edits: ["default", "normal", "auto", "build"],
  approve_all: ["default", "normal", "read-only"],
  plan_only: ["plan", "read-only"],
};

/** The agent's own option and value for a mode, or for a word of its own; null when it offers nothing like it. */
export function permissionMode(
  options: readonly SessionOption[],
  mode: string,
): { id: string; value: string } | null {
  const option = options.find(({ category }) => category === "mode");
  if (!option) return null;
  const wanted = [mode, ...(WORDS[mode] ?? [])];
  const value = wanted.find((word) => option.choices.some((choice) => choice.value === word));
  return value === undefined ? null : { id: option.id, value };
}
