import { methods, type PermissionOption } from "@agentclientprotocol/sdk";
import { ToolFailure } from "./errors.ts";
import type { ToolRun, Turn } from "./turn.ts";

/** The tools that ask. `always` is remembered for each of them. */
export type GuardedTool = "execute" | "edit";

const options: PermissionOption[] = [
  { optionId: "once", name: "Allow once", kind: "allow_once" },
  { optionId: "always", name: "Always allow in this session", kind: "allow_always" },
  { optionId: "reject", name: "Reject", kind: "reject_once" },
];

/**
 * Waits for the user to allow a tool call, then marks it as in progress. Does not ask when the tool was always allowed.
 * @throws ToolFailure when the user rejects it, and cancels the turn when the client answers `cancelled`.
 */
export async function requirePermission(turn: Turn, tool: GuardedTool, run: ToolRun): Promise<void> {
  const { record, client } = turn.session;
  if (!record.allowed_tools.includes(tool)) {
    const { outcome } = await turn.untilCancelled(
      client.request(methods.client.session.requestPermission, {
        sessionId: record.id,
        toolCall: { ...run.call, status: "pending" },
        options,
      }),
    );
    if (outcome.outcome === "cancelled") turn.cancel();
    turn.signal.throwIfAborted();
    const optionId = outcome.outcome === "selected" ? outcome.optionId : "";
    if (optionId === "always") record.allowed_tools.push(tool);
    else if (optionId !== "once") throw new ToolFailure("Not done: the permission was rejected");
  }
  await run.update({ status: "in_progress" });
}
