import type { Capabilities } from "#src/domain/backend.ts";
import { isTransient, sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import type { Session } from "#src/domain/session.ts";

/** Why nothing can be sent now, and what would change that. */
export type Block = { reason: string; fix: "restore" | "reopen" | "start" | "resume" | null };

/** What stands in the way of a prompt; null when nothing does. `sandbox` is null when it is gone. */
export function blockOf(
  session: Session,
  sandbox: Pick<Sandbox, "state"> | null,
  capabilities: Capabilities | undefined,
): Block | null {
  if (!sandbox) return { reason: "The sandbox of this session is gone. Its history stays.", fix: null };
  if (session.archived_at !== null) return { reason: "This session is archived.", fix: "restore" };
  if (!sessionCan.prompt(session)) return endedBlock(session, capabilities);
  return sandboxBlock(sandbox, capabilities);
}

function endedBlock(session: Session, capabilities: Capabilities | undefined): Block {
  const fix = capabilities?.sessions.resume === false ? null : "reopen";
  if (session.state !== "failed") return { reason: "This session has ended.", fix };
  const why = session.last_error ?? session.state_detail;
  return { reason: why ? `This session failed: ${why}` : "This session failed.", fix };
}

function sandboxBlock(sandbox: Pick<Sandbox, "state">, capabilities: Capabilities | undefined): Block | null {
  if (sandbox.state === "running") return null;
  if (isTransient(sandbox.state)) return { reason: `The sandbox is ${inWords(sandbox.state)}.`, fix: null };
  const reason = `The sandbox is ${sandbox.state}.`;
  if (sandboxCan.resume(sandbox, capabilities)) return { reason, fix: "resume" };
  return { reason, fix: sandboxCan.start(sandbox, capabilities) ? "start" : null };
}

function inWords(state: Sandbox["state"]): string {
  return state === "pending" || state === "creating" ? "starting" : state;
}
