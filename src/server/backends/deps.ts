import type { Backend } from "#src/backends/backend.ts";
import type { BackendKind } from "#src/domain/backend.ts";
import type { EventHub } from "../events/hub.ts";
import type { Logger } from "../logger.ts";
import type { BackendRow } from "../store/schema.ts";
import type { Store } from "../store/open.ts";
import type { Vault } from "../vault/vault.ts";
import type { Fetch } from "./long-fetch.ts";

export type BackendFactory = (config: { url: string; token: string | null; fetch: Fetch }) => Backend;

export type RegistryDeps = {
  store: Store;
  hub: EventHub;
  vault: Vault;
  local: Backend;
  factories: Partial<Record<Exclude<BackendKind, "local">, BackendFactory>>;
  /** The guarded one: every adapter calls through it. */
  fetch: Fetch;
  logger: Logger;
  newId: () => string;
  now: () => number;
};

/** A backend's token, opened for its adapter and nothing else. */
export function tokenOf(vault: Vault, row: Pick<BackendRow, "id" | "token_sealed">): string | null {
  return row.token_sealed === null ? null : vault.open(row.token_sealed, `backends/${row.id}`);
}
