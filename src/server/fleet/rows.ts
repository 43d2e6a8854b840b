import type { UpstreamSandbox } from "#src/backends/backend.ts";
import type { SandboxSpec, SandboxSpecView } from "#src/domain/sandbox.ts";
import { hideUrlCredentials } from "../sandboxes/redact.ts";
import type { SandboxRow } from "../store/schema.ts";

/** What the row takes from the upstream's own word of it. */
export function upstreamPatch(upstream: UpstreamSandbox): Partial<SandboxRow> {
  const { ref, agent_provider, endpoint_url, persistence, directory, repository, branch, labels, extra } =
    upstream;
  return {
    upstream_id: ref,
    ...(agent_provider === undefined ? {} : { agent_provider }),
    ...(endpoint_url === undefined ? {} : { endpoint_url }),
    ...(persistence === undefined ? {} : { persistence }),
    ...(directory === undefined ? {} : { directory }),
    ...(repository === undefined ? {} : { repository }),
    ...(branch === undefined ? {} : { branch }),
    ...(labels === undefined ? {} : { labels: JSON.stringify(labels) }),
    ...(extra === undefined ? {} : { extra: JSON.stringify(extra) }),
  };
}

/** The row of a sandbox that is to be made. */
export function newRow(
  id: string,
  backend_id: string,
  name: string,
  spec: SandboxSpec,
  at: string,
): SandboxRow {
  const git = spec.source?.type === "git" ? spec.source : null;
  return {
    id,
    backend_id,
    upstream_id: null,
    name,
    state: "pending",
    state_detail: null,
    agent_provider: spec.agent_provider,
    persistence: spec.persistence,
    endpoint_url: null,
    directory: null,
    repository: hideUrlCredentials(git?.url ?? spec.git_repos?.[0]?.url ?? "") || null,
    branch: git?.new_branch ?? git?.branch ?? spec.git_repos?.[0]?.branch ?? null,
    labels: JSON.stringify(spec.labels),
    spec: JSON.stringify(viewOf(spec)),
    env_sealed: null,
    provisioning: "[]",
    extra: "{}",
    auto_stop_minutes: spec.auto_stop_minutes,
    created_at: at,
    updated_at: at,
    last_activity_at: at,
    terminated_at: null,
  };
}

/** How the sandbox was made, without any value of a variable or credential of an address. */
function viewOf({ env_vars, source, git_repos, ...spec }: SandboxSpec): SandboxSpecView {
  const { name: _name, backend_id: _backend, labels: _labels, ...rest } = spec;
  return {
    ...rest,
    ...(source
      ? { source: source.type === "git" ? { ...source, url: hideUrlCredentials(source.url) } : source }
      : {}),
    ...(git_repos
      ? { git_repos: git_repos.map((repo) => ({ ...repo, url: hideUrlCredentials(repo.url) })) }
      : {}),
    env_names: Object.keys(env_vars),
  };
}
