import * as z from "zod";
import { type SandboxSpec, SandboxSpecView } from "#src/domain/sandbox.ts";
import { ApiError } from "../errors.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { findSecretByName, listCredentialRows, touchSecret } from "../store/secrets.ts";
import type { FleetDeps } from "./deps.ts";

/** The values of a spec's `secret_env_vars`, from the vault. Throws `secret_not_found` naming the one that is missing. */
export async function resolveSecrets(
  { store, vault, now }: Pick<FleetDeps, "store" | "vault" | "now">,
  spec: Pick<SandboxSpec, "secret_env_vars">,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [env_name, name] of Object.entries(spec.secret_env_vars)) {
    const secret = await findSecretByName(store.db, name);
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

/** Where an API key of a provider is looked for by its agent. */
const keyVariables: Readonly<Record<string, string>> = {
  claude: "ANTHROPIC_API_KEY",
  codex: "OPENAI_API_KEY",
};

/**
 * What is put into a sandbox's environment at every start: its own variables' secrets as they are now, and the API keys
 * kept for providers, unless the sandbox names its own.
 */
export async function injectedValues(
  deps: Pick<FleetDeps, "store" | "vault" | "now">,
  sandbox_id: string,
): Promise<Record<string, string>> {
  const row = await getSandboxRow(deps.store.db, sandbox_id);
  if (!row) return {};
  const spec = SandboxSpecView.parse(JSON.parse(row.spec));
  const values: Record<string, string> = {};
  for (const { id, provider, type, value_sealed } of await listCredentialRows(deps.store.db)) {
    const variable = keyVariables[provider];
    if (!variable || type !== "api_key" || value_sealed === null || spec.env_names.includes(variable))
      continue;
    values[variable] ??= deps.vault.open(value_sealed, `credentials/${id}`);
  }
  return { ...values, ...(await resolveSecrets(deps, spec)) };
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
