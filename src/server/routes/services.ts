import type { Auth } from "../auth/auth.ts";
import type { Registry } from "../backends/registry.ts";
import type { Config } from "../config.ts";
import type { EventHub } from "../events/hub.ts";
import type { Fleet } from "../fleet/service.ts";
import type { Logger } from "../logger.ts";
import type { SessionService } from "../sessions/service.ts";
import type { Exchanges } from "../sessions/exchanges.ts";
import type { Transcripts } from "../sessions/transcripts.ts";
import type { Store } from "../store/open.ts";
import type { Vault } from "../vault/vault.ts";
import type { Probe } from "../backends/probe.ts";
import type { createFollower } from "../fleet/follow.ts";
import type { LocalBackend } from "../sandboxes/local-backend.ts";
import type { SecretService } from "../secrets/service.ts";

/** Everything a route may use. `createApp` takes it; tests make one with fakes where they need them. */
export type Services = {
  config: Pick<Config, "data_dir" | "host" | "allow_hosts">;
  version: string;
  started_at: string;
  agent_server_version: string | null;
  store: Store;
  hub: EventHub;
  vault: Vault;
  auth: Auth;
  registry: Registry;
  fleet: Fleet;
  follower: ReturnType<typeof createFollower>;
  sessions: SessionService;
  secrets: SecretService;
  transcripts: Transcripts;
  exchanges: Exchanges;
  probe: Probe;
  /** What only a sandbox on this machine has: a folder to look at and a setup to run again. */
  local: Pick<LocalBackend, "impact" | "retrySetup">;
  logger: Logger;
  now: () => number;
  newId: () => string;
  /** Where the page is, as a browser on this machine reaches it. */
  origin: () => string;
};
