import type { Kysely } from "kysely";
import type { BackendKind, BackendState } from "#src/domain/backend.ts";
import type { EventType } from "#src/domain/event.ts";
import type { PendingRequest, RequestState } from "#src/domain/request.ts";
import type { Sandbox, SandboxState } from "#src/domain/sandbox.ts";
import type { ProviderCredential, Secret } from "#src/domain/secret.ts";
import type { SessionState } from "#src/domain/session.ts";

/**
 * Every table, row by row, in types that SQLite and Postgres both hold: text, integers, JSON as text. Times are RFC 3339
 * in UTC, so they sort as text; flags are 0 or 1; `*_sealed` holds what the vault sealed. Columns bear the domain's names.
 */
export type Tables = {
  backends: BackendRow;
  sandboxes: SandboxRow;
  sessions: SessionRow;
  requests: RequestRow;
  queue: QueueRow;
  events: EventRow;
  transcripts: TranscriptRow;
  transcript_rows: TranscriptRowRow;
  secrets: SecretRow;
  credentials: CredentialRow;
  tokens: TokenRow;
  sign_ins: SignInRow;
};

/** What every function of the store takes: the database, or a transaction of it. */
export type Db = Kysely<Tables>;

export type BackendRow = {
  id: string;
  kind: BackendKind;
  name: string;
  url: string | null;
  token_sealed: string | null;
  paused: number;
  state: BackendState;
  state_detail: string | null;
  version: string | null;
  latency_ms: number | null;
  last_error_message: string | null;
  last_error_at: string | null;
  checked_at: string | null;
  created_at: string;
  updated_at: string;
  removed_at: string | null;
};

export type SandboxRow = {
  id: string;
  backend_id: string;
  upstream_id: string | null;
  name: string;
  state: SandboxState;
  state_detail: string | null;
  agent_provider: string;
  persistence: Sandbox["persistence"];
  endpoint_url: string | null;
  directory: string | null;
  repository: string | null;
  branch: string | null;
  labels: string;
  spec: string;
  env_sealed: string | null;
  provisioning: string;
  extra: string;
  auto_stop_minutes: number;
  created_at: string;
  updated_at: string;
  last_activity_at: string;
  terminated_at: string | null;
};

export type SessionRow = {
  id: string;
  sandbox_id: string;
  backend_id: string;
  agent: string;
  title: string;
  state: SessionState;
  state_detail: string | null;
  stopping: number;
  options: string;
  commands: string;
  metadata: string;
  directory: string | null;
  upstream_ref: string | null;
  upstream_cursor: string | null;
  archived_at: string | null;
  turn_id: string | null;
  turn_started_at: string | null;
  last_error: string | null;
  last_event_id: number;
  created_at: string;
  updated_at: string;
  last_activity_at: string;
};

export type RequestRow = {
  id: string;
  session_id: string;
  sandbox_id: string;
  backend_id: string;
  upstream_id: string;
  kind: PendingRequest["kind"];
  agent: string;
  turn_id: string | null;
  state: RequestState;
  summary: string;
  body: string;
  response: string | null;
  created_at: string;
  expires_at: string | null;
  resolved_at: string | null;
  resolved_by: string | null;
};

export type QueueRow = {
  id: string;
  session_id: string;
  position: number;
  content: string;
  author: string | null;
  queued_at: string;
};

export type EventRow = {
  id: number;
  sandbox_id: string | null;
  session_id: string | null;
  event_type: EventType;
  /** 1 when every browser gets it (contract/list-events.ts). */
  listed: number;
  data: string;
  raw: string | null;
  timestamp: string;
};

export type TranscriptRow = {
  session_id: string;
  fold_version: number;
  cursor: number;
  view: string;
  live: string;
  row_count: number;
};

export type TranscriptRowRow = { session_id: string; first_event_id: number; row: string };

export type SecretRow = {
  id: string;
  name: string;
  description: string | null;
  scope: Secret["scope"];
  backend_id: string | null;
  upstream_id: string | null;
  value_sealed: string | null;
  last_used_at: string | null;
  created_at: string;
  updated_at: string;
};

export type CredentialRow = {
  id: string;
  provider: string;
  name: string;
  type: ProviderCredential["type"];
  scope: Secret["scope"];
  backend_id: string | null;
  upstream_id: string | null;
  value_sealed: string | null;
  created_at: string;
  updated_at: string;
};

export type TokenRow = {
  id: string;
  name: string;
  hash: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
};

export type SignInRow = {
  id: string;
  hash: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
};
