import type { SessionOption } from "#src/domain/agent.ts";
import { isNoRoute } from "./errors.ts";

/** The id of the one option that the first server has (spec 3, permissions). */
export const PERMISSION_MODE = "permission_mode";

const MODES = [
  ["auto_approve", "Allow everything", "Nothing is asked."],
  ["approve_edits", "Ask for edits and commands", null],
  ["approve_all", "Ask for every tool", null],
  ["plan_only", "Plan only", null],
  ["unrestricted", "No limits", null],
] as const;

export function permissionModeOption(value: string): SessionOption {
  return {
    id: PERMISSION_MODE,
    name: "Permissions",
    category: "permission_mode",
    description: "When the agent asks before it uses a tool. The server forgets it when it restarts.",
    value,
    type: "select",
    choices: MODES.map(([value, name, description]) => ({ value, name, description, group: null })),
  };
}

/** Whether the server took the call; false when it has no such route, as the documented API has none. */
export async function hasPermissionMode(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNoRoute(error)) return false;
    throw error;
  }
}
