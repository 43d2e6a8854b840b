import type { Sandbox } from "#src/domain/sandbox.ts";

/** A running sandbox with nothing in it; a test says what matters to it. */
export function mockSandbox(given: Partial<Sandbox> = {}): Sandbox {
  return {
    id: "sbx-1",
    name: "web-1",
    state: "running",
    state_detail: null,
    persistence: "persistent",
    agent_provider: "mock",
    endpoint_url: null,
    resource_stats: null,
    labels: {},
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    spec: { env_names: [], secret_env_vars: {}, auto_stop_minutes: 0 },
    backend_id: "local",
    upstream_id: null,
    directory: null,
    repository: null,
    branch: null,
    provisioning: [],
    session_count: 0,
    running_turns: 0,
    pending_permissions: 0,
    pending_questions: 0,
    last_activity_at: "2026-01-01T00:00:00Z",
    extra: {},
    ...given,
  };
}
