import type { Sandbox } from "./sandbox.ts";
import type { Session } from "./session.ts";

/** The folder that a session works in: its own, else its sandbox's; null where neither is known. */
export function folderOf(
  session: Pick<Session, "directory"> | undefined,
  sandbox: Pick<Sandbox, "directory"> | null | undefined,
): string | null {
  return session?.directory ?? sandbox?.directory ?? null;
}
