import type { ProviderCredential } from "#src/domain/secret.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { ApiError } from "../../errors.ts";
import type { ResolvedCredential } from "./sandbox-view.ts";
import type { AgentCredential, CreateSandbox } from "./wire.ts";

/** The spec of a local sandbox that a create call means; `credential_ids` are the ones that go into it. */
export function specOf(body: CreateSandbox, credential_ids: readonly string[]): SandboxSpec {
  const url = body.repo_url ?? body.git_url ?? body.github_url;
  const { provider, auto_delete_interval, github_auth_mode, amika_opencode_web } = body;
  return SandboxSpec.parse({
    name: body.name,
    agent_provider: body.agent ?? body.agent_credentials.find(({ none }) => !none)?.kind,
    source: url
      ? { type: "git", url, branch: body.branch, new_branch: body.new_branch_name }
      : { type: "empty" },
    env_vars: body.env_vars,
    secret_env_vars: body.secret_env_vars,
    credentials: credential_ids,
    setup_script: body.skip_setup_script ? undefined : body.setup_script_text,
    auto_stop_minutes: Math.ceil(body.auto_stop_interval ?? 0),
    preset: body.preset,
    size: body.size,
    snapshot: body.snapshot,
    extra: { amika: { provider, auto_delete_interval, github_auth_mode, amika_opencode_web } },
  });
}

export type Resolution = { answers: ResolvedCredential[]; credential_ids: string[] };

/**
 * Which of the vault's credentials each item means (spec 1.1, resolution order): none, the named one, the only one of a
 * type, or the best there is: OAuth, then an API key, then the organisation's.
 * @throws ApiError 400 when a name or type finds none, or a type more than one
 */
export function resolveCredentials(
  wanted: readonly AgentCredential[],
  kept: readonly ProviderCredential[],
): Resolution {
  const resolution: Resolution = { answers: [], credential_ids: [] };
  for (const item of wanted) {
    const own = kept.filter(({ provider }) => provider === item.kind);
    const found = item.none ? null : choose(item, own);
    if (found) {
      const { name, type } = found.credential;
      resolution.answers.push({ kind: item.kind, outcome: "resolved", name, type, source: found.source });
      resolution.credential_ids.push(found.credential.id);
    } else {
      const reason = item.none ? "request:none" : "no_user_credential";
      resolution.answers.push({ kind: item.kind, outcome: "skipped", reason });
    }
  }
  return resolution;
}

type Found = { credential: ProviderCredential; source: string };

function choose({ kind, name, type }: AgentCredential, own: readonly ProviderCredential[]): Found | null {
  if (name !== undefined) {
    const credential = own.find(
      (known) => known.name === name && (type === undefined || known.type === type),
    );
    if (credential) return { credential, source: "request:name" };
    throw unresolved(`There is no ${type ? `${type} ` : ""}credential named ${name} for ${kind}.`);
  }
  if (type !== undefined) {
    const [credential, ...more] = own.filter((known) => known.type === type);
    if (credential && more.length === 0) return { credential, source: "request:type" };
    throw unresolved(
      credential
        ? `There are several ${type} credentials for ${kind}; name one.`
        : `There is no ${type} credential for ${kind}.`,
    );
  }
  const rank = ({ scope, type }: ProviderCredential): number =>
    (scope === "org" ? 2 : 0) + (type === "oauth" ? 0 : 1);
  const credential = own.toSorted((a, b) => rank(a) - rank(b))[0];
  return credential ? { credential, source: `default:${credential.type}` } : null;
}

function unresolved(message: string): ApiError {
  return new ApiError(400, "validation_failed", message, [{ path: "agent_credentials", message }]);
}
