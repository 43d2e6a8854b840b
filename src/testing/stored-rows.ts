import type { BackendRow, Db, RequestRow, SandboxRow } from "#src/server/store/schema.ts";
import { insertBackend } from "#src/server/store/backends.ts";
import { insertRequest } from "#src/server/store/requests.ts";
import { insertSandbox } from "#src/server/store/sandboxes.ts";
import { insertSession, type NewSessionRow } from "#src/server/store/sessions.ts";

const at = "2026-01-01T00:00:00.000Z";

/** Rows for tests of the store: each is whole, and a test says only what it is about. */
export async function addBackend(db: Db, given: Partial<BackendRow> & { id: string }): Promise<void> {
  await insertBackend(db, {
    kind: "local",
    name: given.id,
    url: null,
    token_sealed: null,
    paused: 0,
    state: "online",
    state_detail: null,
    version: null,
    latency_ms: null,
    last_error_message: null,
    last_error_at: null,
    checked_at: null,
    created_at: at,
    updated_at: at,
    removed_at: null,
    ...given,
  });
}

export async function addSandbox(db: Db, given: Partial<SandboxRow> & { id: string }): Promise<void> {
  await insertSandbox(db, {
    backend_id: "local",
    upstream_id: null,
    name: given.id,
    state: "running",
    state_detail: null,
    agent_provider: "mock",
    persistence: "persistent",
    endpoint_url: null,
    directory: null,
    repository: null,
    branch: null,
    labels: "{}",
    spec: "{}",
    env_sealed: null,
    provisioning: "[]",
    extra: "{}",
    auto_stop_minutes: 0,
    created_at: at,
    updated_at: at,
    last_activity_at: at,
    terminated_at: null,
    ...given,
  });
}

export async function addSession(db: Db, given: Partial<NewSessionRow> & { id: string }): Promise<void> {
  await insertSession(db, {
    sandbox_id: "x1",
    backend_id: "local",
    agent: "mock",
    title: given.id,
    options: [],
    metadata: {},
    directory: null,
    at,
    ...given,
  });
}

export async function addRequest(db: Db, given: Partial<RequestRow> & { id: string }): Promise<void> {
  const question = { request_id: given.id, title: "Which?", questions: [] };
  const permission = { request_id: given.id, tool_name: "Bash", tool_input: { command: "ls" }, options: [] };
  await insertRequest(db, {
    session_id: "s1",
    sandbox_id: "x1",
    backend_id: "local",
    upstream_id: `up-${given.id}`,
    kind: "permission",
    agent: "mock",
    turn_id: "t1",
    state: "pending",
    summary: given.id,
    body: JSON.stringify(given.kind === "question" ? question : permission),
    response: null,
    created_at: at,
    expires_at: null,
    resolved_at: null,
    resolved_by: null,
    ...given,
  });
}
