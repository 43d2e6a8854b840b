import type { Backend } from "#src/backends/backend.ts";
import type { EventHub } from "../events/hub.ts";
import type { Logger } from "../logger.ts";
import type { Store } from "../store/open.ts";
import type { Vault } from "../vault/vault.ts";

export type FleetDeps = {
  store: Store;
  hub: EventHub;
  vault: Vault;
  /** The adapter of a backend; throws `ApiError` when it is gone or paused. */
  backendOf: (backend_id: string) => Backend;
  /** Ends the turns of a sandbox and lets go of its agents. */
  dropSessions: (sandbox_id: string, reason: string, code: string, stderr: string | null) => Promise<void>;
  /** Whether a session is being made in a sandbox: its backend may list it before this server knows its name there. */
  isOpening: (sandbox_id: string) => boolean;
  /** Goes on with the turns of a backend that are open here, once it answers. */
  resumeTurns: (backend_id: string) => Promise<void>;
  logger: Logger;
  newId: () => string;
  now: () => number;
};
