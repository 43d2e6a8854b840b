import * as z from "zod";
import type { CreateContext } from "#src/backends/backend.ts";
import { type SandboxSpec, SandboxSpecView } from "#src/domain/sandbox.ts";
import { ApiError } from "../errors.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import { kindOf, variablesOf } from "../secrets/credential-type.ts";
import { findSecretByName, getSecretRow, touchSecret } from "../store/secrets.ts";
import type { FleetDeps } from "./deps.ts";
import { agentSignIns, Chosen } from "./provider-credentials.ts";

/** What goes into a sandbox from the vault. */
export type InjectedValues = Required<Pick<CreateContext, "secret_values" | "codex_sign_in">>;

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

/**
 * What is put into a sandbox at every start: its own variables' secrets as they are now, the secrets and provider
 * credentials it was made with, and on this machine, when it was made without a choice, the providers' own. Another
 * machine is only given what was named for it.
 */
export async function injectedValues(
  deps: Pick<FleetDeps, "store" | "vault" | "now">,
  sandbox_id: string,
  keepsOwn = false,
): Promise<InjectedValues> {
  const row = await getSandboxRow(deps.store.db, sandbox_id);
  if (!row) return { secret_values: {}, codex_sign_in: null };
  const spec = SandboxSpecView.parse(JSON.parse(row.spec));
  const { credentials } = Chosen.parse(spec);
  const isLocal = row.backend_id === LOCAL_ID;
  const { variables, codex_sign_in } =
    isLocal || credentials ? await agentSignIns(deps, spec) : { variables: {}, codex_sign_in: null };
  const values = { ...variables };
  for (const id of credentials ?? []) {
    const secret = await getSecretRow(deps.store.db, id);
    // A provider's, told above, or deleted since.
    if (!secret?.value_sealed) continue;
    const value = deps.vault.open(secret.value_sealed, `secrets/${id}`);
    Object.assign(values, variablesOf(kindOf(secret.description), secret.name, value));
    await touchSecret(deps.store.db, id, new Date(deps.now()).toISOString());
  }
  const secret_values = { ...values, ...(await resolveSecrets(deps, spec, keepsOwn)) };
  return { secret_values, codex_sign_in };
}

/** A sandbox's own variables, unsealed, beside what is injected: what a start needs. */
export async function valuesOf(
  deps: Pick<FleetDeps, "store" | "vault" | "now">,
  sandbox_id: string,
): Promise<InjectedValues & { env_vars: Record<string, string> }> {
  const row = await getSandboxRow(deps.store.db, sandbox_id);
  const env_vars: Record<string, string> = row?.env_sealed
    ? EnvVars.parse(JSON.parse(deps.vault.open(row.env_sealed, `sandboxes/${sandbox_id}`)))
    : {};
  return { env_vars, ...(await injectedValues(deps, sandbox_id)) };
}
