import { isTransient } from "#src/domain/sandbox-can.ts";
import type { LocalBackend } from "../sandboxes/local-backend.ts";
import type { LeftBehind } from "../sandboxes/reaper.ts";
import type { SessionService } from "../sessions/service.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import type { FleetDeps } from "./deps.ts";
import type { Fleet } from "./service.ts";

/**
 * Brings the rows in line with what a stopped or crashed server left: local processes are gone by now, so their turns
 * have failed and their sandboxes are stopped. Remote turns are left open; their links find out what became of them.
 */
export async function recoverFleet(
  deps: FleetDeps,
  fleet: Fleet,
  sessions: SessionService,
  local: LocalBackend,
  left: readonly LeftBehind[],
): Promise<void> {
  const rows = await deps.store.db
    .selectFrom("sandboxes")
    .select(["id", "state", "state_detail"])
    .where("backend_id", "=", LOCAL_ID)
    .where("state", "!=", "terminated")
    .execute();
  const crashed = new Set(left.map(({ sandbox_id }) => sandbox_id));
  for (const { id, state } of rows) {
    await sessions.dropSandbox(
      id,
      "Sandbar stopped while this turn ran. Send the prompt again to go on.",
      "server_restarted",
      null,
    );
    if (state === "stopped" || state === "failed") continue;
    const actual = await local.getSandbox(id, AbortSignal.timeout(10_000));
    if (!actual) await fleet.setState(id, "terminated", "Its folder is gone");
    else if (state === "pending" || state === "creating") {
      await fleet.setState(
        id,
        "failed",
        "Sandbar stopped while this sandbox was being made. Retry the setup or delete it.",
      );
    } else if (isTransient(state) || state === "running") {
      await fleet.setState(
        id,
        "stopped",
        crashed.has(id) ? "Sandbar ended without stopping it" : "Sandbar was stopped",
      );
    }
  }
}
