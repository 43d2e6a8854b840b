import { SandboxSpecView } from "#src/domain/sandbox.ts";
import type { ProviderCredential, Secret } from "#src/domain/secret.ts";
import { parseJson } from "./json.ts";
import type { CredentialRow, Db, SecretRow } from "./schema.ts";

/** Secrets without their values, by name, with the sandboxes that use them. `backend_id` null: those of the vault. */
export async function listSecrets(
  db: Db,
  { backend_id }: { backend_id?: string | null } = {},
): Promise<Secret[]> {
  let query = db.selectFrom("secrets").selectAll();
  if (backend_id !== undefined)
    query = query.where("backend_id", backend_id === null ? "is" : "=", backend_id);
  const [rows, uses] = await Promise.all([query.orderBy("name").orderBy("id").execute(), listUses(db)]);
  return rows.map((row) => toSecret(row, uses));
}

/** The row, with the sealed value. */
export async function getSecretRow(db: Db, id: string): Promise<SecretRow | null> {
  const row = await db.selectFrom("secrets").selectAll().where("id", "=", id).executeTakeFirst();
  return row ?? null;
}

/** The vault's secret of that name: what a sandbox's `secret_env_vars` mean. */
export async function findSecretByName(db: Db, name: string): Promise<SecretRow | null> {
  const row = await db
    .selectFrom("secrets")
    .selectAll()
    .where("name", "=", name)
    .where("backend_id", "is", null)
    .executeTakeFirst();
  return row ?? null;
}

/** Fails with a unique violation of `secrets.name` when the vault has one of that name. */
export async function insertSecret(db: Db, row: SecretRow): Promise<void> {
  await db.insertInto("secrets").values(row).execute();
}

/** As `insertSecret` when the name changes. */
export async function updateSecret(db: Db, id: string, patch: Partial<SecretRow>): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  await db.updateTable("secrets").set(patch).where("id", "=", id).execute();
}

/** Remembers that a sandbox got the value. */
export async function touchSecret(db: Db, id: string, at: string): Promise<void> {
  await updateSecret(db, id, { last_used_at: at });
}

/** False when there was none. */
export async function deleteSecret(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("secrets").where("id", "=", id).executeTakeFirst();
  return numDeletedRows > 0n;
}

type Use = Secret["used_by"][number] & { secret_name: string };

/** Which live sandbox puts which of the vault's secrets into which variable. */
async function listUses(db: Db): Promise<Use[]> {
  const sandboxes = await db
    .selectFrom("sandboxes")
    .select(["id", "name", "spec"])
    .where("terminated_at", "is", null)
    .orderBy("name")
    .execute();
  return sandboxes.flatMap(({ id, name, spec }) =>
    Object.entries(parseJson(SandboxSpecView, spec).secret_env_vars).map(([env_name, secret_name]) => ({
      sandbox_id: id,
      sandbox_name: name,
      env_name,
      secret_name,
    })),
  );
}

function toSecret(
  { value_sealed: _value, upstream_id: _upstream, ...row }: SecretRow,
  uses: readonly Use[],
): Secret {
  const own = row.backend_id === null ? uses.filter(({ secret_name }) => secret_name === row.name) : [];
  return { ...row, used_by: own.map(({ secret_name: _name, ...use }) => use) };
}

/** Credentials for a provider, or for all, without their values, by name. */
export async function listCredentials(db: Db, provider?: string): Promise<ProviderCredential[]> {
  return (await listCredentialRows(db, provider)).map(toCredential);
}

/** The rows, with the sealed values. */
export function listCredentialRows(db: Db, provider?: string): Promise<CredentialRow[]> {
  let query = db.selectFrom("credentials").selectAll();
  if (provider !== undefined) query = query.where("provider", "=", provider);
  return query.orderBy("name").orderBy("id").execute();
}

/** Fails with a unique violation when the vault has one of that name for the provider. */
export async function insertCredential(db: Db, row: CredentialRow): Promise<void> {
  await db.insertInto("credentials").values(row).execute();
}

/** False when the provider has none of that id. */
export async function deleteCredential(db: Db, provider: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("credentials")
    .where("provider", "=", provider)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function toCredential({
  value_sealed: _value,
  upstream_id: _upstream,
  ...row
}: CredentialRow): ProviderCredential {
  return row;
}
