import * as z from "zod";
import { type SandboxSpec, SandboxSpecView } from "#src/domain/sandbox.ts";
import type { ProviderCredential } from "#src/domain/secret.ts";
import { ApiError } from "../errors.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { kindOf, variablesOf } from "../secrets/credential-type.ts";
import { findSecretByName, getSecretRow, listCredentialRows, touchSecret } from "../store/secrets.ts";
import type { FleetDeps } from "./deps.ts";

type CredentialType = ProviderCredential["type"];

/**
 * The values of a spec's `secret_env_vars`, from the vault. A name that is not there is left to a backend that keeps
 * secrets of its own; else it throws `secret_not_found`, naming it.
 */
export async function resolveSecrets(
  { store, vault, now }: Pick<FleetDeps, "store" | "vault" | "now">,
  spec: Pick<SandboxSpec, "secret_env_vars">,
  keepsOwn = false,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [env_name, name] of Object.entries(spec.secret_env_vars)) {
    const secret = await findSecretByName(store.db, name);
    if (!secret?.value_sealed && keepsOwn) continue;
    if (!secret?.value_sealed) {
      throw new ApiError(400, "secret_not_found", `There is no secret named ${name} in Sandbar's vault.`, [
        { path: `secret_env_vars.${env_name}`, message: `There is no secret named ${name}.` },
      ]);
    }
    values[env_name] = vault.open(secret.value_sealed, `secrets/${secret.id}`);
    await touchSecret(store.db, secret.id, new Date(now()).toISOString());
  }
  return values;
}

const EnvVars = z.record(z.string(), z.string());

/** Where a provider's agent looks for an API key or for the token of a sign-in. */
const credentialVariables: Readonly<Record<string, Partial<Record<CredentialType, string>>>> = {
  claude: { api_key: "ANTHROPIC_API_KEY", oauth: "CLAUDE_CODE_OAUTH_TOKEN" },
  codex: { api_key: "OPENAI_API_KEY" },
};

/** A Claude sign-in is kept as the file that its CLI writes; its environment takes only the token of it. */
const ClaudeSignIn = z.object({ claudeAiOauth: z.object({ accessToken: z.string() }) });

/** What goes into the variable: an API key as it is, of a sign-in the token; null for what cannot be read. */
function variableValue(type: CredentialType, value: string): string | null {
  if (type === "api_key") return value;
  try {
    return ClaudeSignIn.parse(JSON.parse(value)).claudeAiOauth.accessToken;
  } catch {
    // Kept in another form than the CLI's: there is nothing that the agent could use.
    return null;
  }
}

/** Ids of the provider credentials and secrets that a sandbox was made with; absent: every API key. */
const Chosen = z.looseObject({ credentials: z.array(z.string()).optional() });

/**
 * What is put into a sandbox's environment at every start: its own variables' secrets as they are now, and the provider
 * credentials it was made with (without a choice: every API key), unless the sandbox has such a variable of its own.
 */
export async function injectedValues(
  deps: Pick<FleetDeps, "store" | "vault" | "now">,
  sandbox_id: string,
  keepsOwn = false,
): Promise<Record<string, string>> {
  const row = await getSandboxRow(deps.store.db, sandbox_id);
  if (!row) return {};
  const spec = SandboxSpecView.parse(JSON.parse(row.spec));
  const { credentials } = Chosen.parse(spec);
  const values: Record<string, string> = {};
  for (const { id, provider, type, value_sealed } of await listCredentialRows(deps.store.db)) {
    const variable = credentialVariables[provider]?.[type];
    if (!variable || value_sealed === null || spec.env_names.includes(variable)) continue;
    if (credentials ? !credentials.includes(id) : type !== "api_key") continue;
    const value = variableValue(type, deps.vault.open(value_sealed, `credentials/${id}`));
    if (value !== null) values[variable] ??= value;
  }
  for (const id of credentials ?? []) {
    const secret = await getSecretRow(deps.store.db, id);
    // A provider's, told above, or deleted since.
    if (!secret?.value_sealed) continue;
    const value = deps.vault.open(secret.value_sealed, `secrets/${id}`);
    Object.assign(values, variablesOf(kindOf(secret.description), secret.name, value));
    await touchSecret(deps.store.db, id, new Date(deps.now()).toISOString());
  }
  return { ...values, ...(await resolveSecrets(deps, spec, keepsOwn)) };
}

/** A sandbox's own variables, unsealed, beside what is injected: what a start needs. */
export async function valuesOf(
  deps: Pick<FleetDeps, "store" | "vault" | "now">,
  sandbox_id: string,
): Promise<{ env_vars: Record<string, string>; secret_values: Record<string, string> }> {
  const row = await getSandboxRow(deps.store.db, sandbox_id);
  const env_vars: Record<string, string> = row?.env_sealed
    ? EnvVars.parse(JSON.parse(deps.vault.open(row.env_sealed, `sandboxes/${sandbox_id}`)))
    : {};
  return { env_vars, secret_values: await injectedValues(deps, sandbox_id) };
}
