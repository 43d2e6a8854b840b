import type { Action } from "./script.ts";

/** A call in an agent's own words; `input` is an object, or the text of a tool that takes free text. */
export type ToolCall = { name: string; input: Record<string, unknown> | string };

const patch = (path: string, old_text: string, new_text: string): string =>
  `*** Begin Patch\n*** Update File: ${path}\n@@\n-${old_text}\n+${new_text}\n*** End Patch`;

const run = (name: string, input: (command: string) => ToolCall["input"]) => [name, input] as const;

/** How each agent's shell wants its command, by the tool's name. */
const SHELLS = new Map([
  run("bash", (command) => ({ command, description: "Runs what the script says" })),
  run("Bash", (command) => ({ command, description: "Runs what the script says" })),
  run("exec_command", (cmd) => ({ cmd })),
  run("shell_command", (command) => ({ command })),
  run("shell", (command) => ({ command: ["bash", "-c", command] })),
]);

/**
 * The call that does `action` with the tools on offer.
 *
 * @throws Error when none of them can: the script does not know this version of the agent.
 */
export function callFor(action: Action, tools: readonly string[]): ToolCall {
  switch (action.does) {
    case "run":
      return shell(action.command, tools);
    case "read":
      if (tools.includes("Read")) return { name: "Read", input: { file_path: action.path } };
      return { name: "read", input: { filePath: action.path } };
    case "edit": {
      const { path, old_text, new_text } = action;
      if (tools.includes("Edit"))
        return { name: "Edit", input: { file_path: path, old_string: old_text, new_string: new_text } };
      if (tools.includes("edit"))
        return { name: "edit", input: { filePath: path, oldString: old_text, newString: new_text } };
      const change = patch(path, old_text, new_text);
      if (tools.includes("apply_patch")) return { name: "apply_patch", input: change };
      return shell(`apply_patch <<'PATCH'\n${change}\nPATCH`, tools);
    }
    default:
      return action satisfies never;
  }
}

function shell(command: string, tools: readonly string[]): ToolCall {
  const name = tools.find((tool) => SHELLS.has(tool)) ?? "";
  const input = SHELLS.get(name);
  if (!input) throw new Error(`no shell among the tools ${tools.join(", ")}`);
  return { name, input: input(command) };
}
