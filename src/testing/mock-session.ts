import type { Session } from "#src/domain/session.ts";

/** A session at rest; a test names what matters to it. */
export function mockSession(fields: Partial<Session> = {}): Session {
  return {
    id: "ses_1",
    sandbox_id: "sbx_1",
    sandbox_name: "web-1",
    backend_id: "local",
    agent: "mock",
    title: "Fix the flaky login test",
    state: "active",
    state_detail: null,
    stopping: false,
    options: [],
    commands: [],
    metadata: {},
    directory: null,
    archived_at: null,
    turn_started_at: null,
    heard_at: null,
    pending_permissions: 0,
    pending_questions: 0,
    pending_summary: null,
    queue_length: 0,
    last_error: null,
    last_event_id: "0",
    created_at: "2026-03-12T10:00:00.000Z",
    updated_at: "2026-03-12T10:00:00.000Z",
    last_activity_at: "2026-03-12T10:00:00.000Z",
    ...fields,
  };
}
