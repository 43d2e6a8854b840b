import * as z from "zod";
import type { Sandbox } from "#src/domain/sandbox.ts";

/** Sandbar has one organisation and one user, who own everything. */
export const ORG_ID = "sandbar";
export const USER_ID = "sandbar";

/** Fields of a create call that mean nothing to a local sandbox: kept, so that later answers tell them again. */
export const Kept = z.looseObject({
  provider: z.string().optional(),
  auto_delete_interval: z.number().optional(),
  github_auth_mode: z.string().optional(),
  amika_opencode_web: z.union([z.string(), z.number()]).nullable().optional(),
});
export type Kept = z.infer<typeof Kept>;

const Spec = z.looseObject({
  preset: z.string().optional(),
  size: z.string().optional(),
  snapshot: z.string().nullable().optional(),
  secret_env_vars: z.record(z.string(), z.string()).default({}),
  extra: z.looseObject({ amika: Kept.default({}) }).default({ amika: {} }),
});

export type ResolvedCredential =
  | { kind: string; outcome: "resolved"; name: string; type: "oauth" | "api_key"; source: string }
  | { kind: string; outcome: "skipped"; reason: string };

/** A sandbox as this API tells it (spec 1.1): keys that are required but have no value are null. */
export function sandboxView(sandbox: Sandbox, current_session_id: string | null) {
  const spec = Spec.parse(sandbox.spec);
  const kept = spec.extra.amika;
  const failed = sandbox.state === "failed";
  return {
    id: sandbox.id,
    user_id: USER_ID,
    org_id: ORG_ID,
    name: sandbox.name,
    provider: kept.provider ?? "local",
    provider_sandbox_id: sandbox.upstream_id,
    provider_url: null,
    amika_opencode_web: kept.amika_opencode_web == null ? null : String(kept.amika_opencode_web),
    repo_name: sandbox.repository === null ? null : repositoryName(sandbox.repository),
    repo_provider: null,
    repo_id: null,
    repo_url: sandbox.repository,
    branch: sandbox.branch,
    commit_hash: null,
    snapshot: spec.snapshot ?? null,
    current_session_id,
    services: [],
    created_at: sandbox.created_at,
    updated_at: sandbox.updated_at,
    state: stateWord(sandbox),
    status: statusWord(sandbox),
    setup_status: setupStatus(sandbox),
    ...(failed ? { error_message: sandbox.state_detail ?? "The sandbox failed." } : {}),
    ...(spec.preset === undefined ? {} : { sandbox_preset: spec.preset }),
    ...(spec.size === undefined ? {} : { sandbox_size: spec.size }),
    secret_names: [...new Set(Object.values(spec.secret_env_vars))],
    has_workflow: false,
    created_by: null,
    agent_cwd: sandbox.directory,
    ...(kept.auto_delete_interval === undefined ? {} : { auto_delete_interval: kept.auto_delete_interval }),
    ...(kept.github_auth_mode === undefined ? {} : { github_auth_mode: kept.github_auth_mode }),
    auto_stop_interval: sandbox.spec.auto_stop_minutes,
  };
}

/** `https://host/team/app.git` → `app`. */
export function repositoryName(repository: string): string {
  const last = repository
    .replace(/\/+$/, "")
    .split(/[/:\\]/)
    .at(-1);
  return (last || repository).replace(/\.git$/, "");
}

/** The legacy track, which old clients wait on: `started` and `stopped` are where waits end. */
function stateWord({ state, state_detail }: Sandbox): string {
  switch (state) {
    case "pending":
    case "creating":
      return "initializing";
    case "running":
      return "started";
    case "pausing":
    case "stopping":
      return state_detail === "Deleting" ? "deleting" : "stopping";
    case "paused":
    case "stopped":
      return "stopped";
    case "failed":
      return "failed";
    case "terminated":
      return "deleted";
    default:
      return state satisfies never;
  }
}

function statusWord({ state, upstream_id }: Sandbox): string {
  switch (state) {
    case "pending":
      return "creating";
    case "creating":
      // The backend knows it from the end of its first start on.
      return upstream_id === null ? "creating" : "starting";
    case "running":
      return "running";
    case "pausing":
      return "suspending";
    case "stopping":
      return "stopping";
    case "paused":
    case "stopped":
      return "suspended";
    case "failed":
      return "failed";
    case "terminated":
      return "unknown";
    default:
      return state satisfies never;
  }
}

/** How the clone and the setup script went, whatever the sandbox does now. */
function setupStatus({ provisioning, state }: Sandbox): string | null {
  const newest = (step: string) => provisioning.findLast((known) => known.step === step)?.status;
  if (newest("clone_repositories") === "failed") return "git-failed";
  const script = newest("run_scripts");
  if (script === "started") return "setup-running";
  if (script === "failed") return "setup-failed";
  if (state === "failed" && provisioning.some(({ status }) => status === "failed")) return "sys-setup-failed";
  return state === "pending" || state === "creating" ? null : "ok";
}
