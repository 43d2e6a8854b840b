import type { ToolKind } from "#src/domain/event.ts";

const KINDS: readonly (readonly [RegExp, ToolKind])[] = [
  [/^(task|agent|sub_?agent)$/i, "subagent"],
  [/^(multi_?edit|edit|write|notebook_?edit|apply_?patch|patch|file_?change|create|str_?replace)/i, "edit"],
  [/^(bash|shell|exec|command|run|terminal|local_shell)/i, "execute"],
  [/^(read|view|cat|open|notebook_?read)/i, "read"],
  [/(^|[._])(search|grep|glob|find|ls|list)/i, "search"],
  [/^(web_?fetch|fetch|http|browse)/i, "fetch"],
  [/^(delete|remove|rm)$/i, "delete"],
  [/^(move|rename|mv)$/i, "move"],
  [/^(think|todo|plan)/i, "think"],
];

/** What kind of work a tool does, by the name agents give it. */
export function toolKindOf(name: string): ToolKind {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
}
