import type { UpstreamSandbox } from "#src/backends/backend.ts";
import type { SandboxRow } from "../store/schema.ts";

/** The row of a sandbox that was found upstream and that nobody made here. */
export function discoveredRow(
  id: string,
  backend_id: string,
  upstream: UpstreamSandbox,
  name: string,
  at: string,
): SandboxRow {
  return {
    id,
    backend_id,
    upstream_id: upstream.ref,
    name,
    state: upstream.state,
    state_detail: upstream.state_detail ?? null,
    agent_provider: upstream.agent_provider ?? "claude",
    persistence: upstream.persistence ?? "persistent",
    endpoint_url: upstream.endpoint_url ?? null,
    directory: upstream.directory ?? null,
    repository: upstream.repository ?? null,
    branch: upstream.branch ?? null,
    labels: JSON.stringify(upstream.labels ?? {}),
    spec: JSON.stringify({ env_names: [], secret_env_vars: {}, auto_stop_minutes: 0 }),
    env_sealed: null,
    provisioning: "[]",
    extra: JSON.stringify(upstream.extra ?? {}),
    auto_stop_minutes: 0,
    created_at: upstream.created_at ?? at,
    updated_at: at,
    last_activity_at: at,
    terminated_at: null,
  };
}
