import type { SessionService } from "../sessions/service.ts";
import type { Store } from "../store/open.ts";
import { listLiveSandboxRows } from "../store/sandboxes.ts";
import type { Fleet } from "./service.ts";

type LeaveDeps = {
  store: Store;
  fleet: Pick<Fleet, "setState">;
  sessions: Pick<SessionService, "dropSandbox">;
};

/** Ends here what a removed backend still runs: its sandboxes are gone from Sandbar, what was recorded of them stays. */
export async function leaveBackend({ store, fleet, sessions }: LeaveDeps, backend_id: string): Promise<void> {
  for (const { id } of await listLiveSandboxRows(store.db, backend_id)) {
    await sessions.dropSandbox(id, "The backend was removed from Sandbar.", "backend_removed", null);
    await fleet.setState(id, "terminated", "Backend removed");
  }
}
