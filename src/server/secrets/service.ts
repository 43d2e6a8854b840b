import type { SecretsPort, UpstreamCredential, UpstreamSecret } from "#src/backends/backend.ts";
import type { ProviderCredential, Secret } from "#src/domain/secret.ts";
import { ApiError } from "../errors.ts";
import type { Registry } from "../backends/registry.ts";
import type { EventHub } from "../events/hub.ts";
import {
  deleteCredential,
  deleteSecret,
  getSecretRow,
  insertCredential,
  insertSecret,
  listCredentials,
  listSecrets,
  updateSecret,
} from "../store/secrets.ts";
import { uniqueViolation } from "../store/store-error.ts";
import type { Store } from "../store/open.ts";
import type { Vault } from "../vault/vault.ts";
import { createPromptLists } from "./prompt-lists.ts";

type Scope = "user" | "org";
export type NewSecret = {
  name: string;
  value: string;
  description?: string | null;
  scope?: Scope;
  backend_id?: string;
};
export type SecretChange = { name?: string; value?: string; description?: string | null; scope?: Scope };
export type NewCredential = {
  name: string;
  value: string;
  type: ProviderCredential["type"];
  scope?: Scope;
  backend_id?: string;
};

type Deps = {
  store: Store;
  vault: Vault;
  hub: EventHub;
  registry: Registry;
  newId: () => string;
  now: () => number;
};

const PATIENCE_MS = 15_000;
/** How long a list waits for a backend, which then is answered for by what it told last. */
const LIST_PATIENCE_MS = 1_000;

/** Secrets and provider credentials: Sandbar's own in the vault, others in the backend that keeps them. Values go in only. */
export type SecretService = ReturnType<typeof createSecretService>;

export function createSecretService({ store, vault, hub, registry, newId, now }: Deps) {
  const { db } = store;
  const at = () => new Date(now()).toISOString();

  async function changed(list: "secrets" | "credentials"): Promise<void> {
    await hub.append([
      { sandbox_id: null, session_id: null, event: { event_type: "list_changed", data: { list } } },
    ]);
  }

  function portOf(backend_id: string): SecretsPort {
    const { secrets } = registry.adapter(backend_id);
    if (secrets) return secrets;
    throw new ApiError(
      400,
      "unsupported",
      "This backend keeps no secrets; keep it in Sandbar's vault instead.",
    );
  }

  async function own(id: string): Promise<Secret> {
    const found = (await listSecrets(db)).find((secret) => secret.id === id);
    if (!found) throw new ApiError(404, "secret_not_found", "There is no such secret.");
    return found;
  }

  /** Tells of a list that a backend gave late. A store that takes no event says so itself; the list stays as it was. */
  const tellLate = (list: "secrets" | "credentials") => (): void => {
    changed(list).catch(() => undefined);
  };
  const secretsOf = createPromptLists<UpstreamSecret>(LIST_PATIENCE_MS, tellLate("secrets"));
  const credentialsOf = createPromptLists<UpstreamCredential>(LIST_PATIENCE_MS, tellLate("credentials"));

  /** Secrets that backends keep, each named `backend:ref`; a backend that fails is left out of the list. */
  async function upstream(backend_id?: string): Promise<Secret[]> {
    const asked = registry.connected().filter(([id]) => !backend_id || id === backend_id);
    const lists = await Promise.allSettled(
      asked.map(async ([id, { secrets }]) => {
        if (!secrets) return [];
        const found = await secretsOf.list(id, () => secrets.list(AbortSignal.timeout(PATIENCE_MS)));
        return found.map((secret) => secretIn(id, secret));
      }),
    );
    return lists.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
  }

  function secretIn(backend_id: string, { ref, ...secret }: UpstreamSecret): Secret {
    return {
      id: `${backend_id}:${ref}`,
      name: secret.name,
      description: secret.description,
      scope: secret.scope,
      backend_id,
      used_by: [],
      last_used_at: null,
      created_at: secret.created_at ?? at(),
      updated_at: secret.updated_at ?? at(),
    };
  }

  async function unique<T>(name: string, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!uniqueViolation(error)) throw error;
      throw new ApiError(409, "secret_already_exists", `There is a secret named ${name} already.`);
    }
  }

  return {
    async list(backend_id?: string): Promise<Secret[]> {
      const [kept, elsewhere] = await Promise.all([
        backend_id ? Promise.resolve([]) : listSecrets(db),
        upstream(backend_id),
      ]);
      return [...kept, ...elsewhere];
    },

    async create(secret: NewSecret): Promise<Secret> {
      const scope = secret.scope ?? "user";
      const description = secret.description ?? null;
      if (secret.backend_id && secret.backend_id !== "local") {
        const { backend_id, name, value } = secret;
        const made = await portOf(backend_id).create(
          { name, value, description, scope },
          AbortSignal.timeout(PATIENCE_MS),
        );
        await changed("secrets");
        return secretIn(backend_id, made);
      }
      const id = newId();
      await unique(secret.name, () =>
        insertSecret(db, {
          id,
          name: secret.name,
          description,
          scope,
          backend_id: null,
          upstream_id: null,
          value_sealed: vault.seal(secret.value, `secrets/${id}`),
          last_used_at: null,
          created_at: at(),
          updated_at: at(),
        }),
      );
      await changed("secrets");
      return own(id);
    },

    async update(id: string, change: SecretChange): Promise<Secret> {
      const remote = splitId(id);
      if (remote) {
        await portOf(remote.backend_id).update(remote.ref, change, AbortSignal.timeout(PATIENCE_MS));
        await changed("secrets");
        const kept = await portOf(remote.backend_id).list(AbortSignal.timeout(PATIENCE_MS));
        const found = kept.find(({ ref }) => ref === remote.ref);
        if (!found) throw new ApiError(404, "secret_not_found", "There is no such secret.");
        return secretIn(remote.backend_id, found);
      }
      const before = await own(id);
      const { value, ...rest } = change;
      await unique(change.name ?? before.name, () =>
        updateSecret(db, id, {
          ...rest,
          ...(value === undefined ? {} : { value_sealed: vault.seal(value, `secrets/${id}`) }),
          updated_at: at(),
        }),
      );
      await changed("secrets");
      return own(id);
    },

    async remove(id: string): Promise<void> {
      const remote = splitId(id);
      if (remote) await portOf(remote.backend_id).remove(remote.ref, AbortSignal.timeout(PATIENCE_MS));
      else {
        if (!(await getSecretRow(db, id)))
          throw new ApiError(404, "secret_not_found", "There is no such secret.");
        await deleteSecret(db, id);
      }
      await changed("secrets");
    },

    async listCredentials(provider: string): Promise<ProviderCredential[]> {
      const asked = registry
        .connected()
        .filter(([, backend]) => backend.capabilities.provider_secrets.includes(provider));
      const lists = await Promise.allSettled(
        asked.map(async ([id, { secrets }]) => {
          if (!secrets) return [];
          const ask = () => secrets.listCredentials(provider, AbortSignal.timeout(PATIENCE_MS));
          return (await credentialsOf.list(`${id}/${provider}`, ask)).map(
            (credential): ProviderCredential => ({
              id: `${id}:${credential.ref}`,
              provider,
              name: credential.name,
              type: credential.type,
              scope: credential.scope,
              backend_id: id,
              created_at: credential.created_at ?? at(),
              updated_at: credential.updated_at ?? at(),
            }),
          );
        }),
      );
      const elsewhere = lists.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
      return [...(await listCredentials(db, provider)), ...elsewhere];
    },

    async createCredential(provider: string, credential: NewCredential): Promise<ProviderCredential> {
      const scope = credential.scope ?? "user";
      const { name, type, value, backend_id } = credential;
      if (backend_id && backend_id !== "local") {
        const made = await portOf(backend_id).createCredential(
          provider,
          { name, type, value, scope },
          AbortSignal.timeout(PATIENCE_MS),
        );
        await changed("credentials");
        const times = { created_at: made.created_at ?? at(), updated_at: made.updated_at ?? at() };
        return { id: `${backend_id}:${made.ref}`, provider, name, type, scope, backend_id, ...times };
      }
      const id = newId();
      const times = { created_at: at(), updated_at: at() };
      await unique(name, () =>
        insertCredential(db, {
          id,
          provider,
          name,
          type,
          scope,
          backend_id: null,
          upstream_id: null,
          value_sealed: vault.seal(value, `credentials/${id}`),
          ...times,
        }),
      );
      await changed("credentials");
      return { id, provider, name, type, scope, backend_id: null, ...times };
    },

    async removeCredential(provider: string, id: string): Promise<void> {
      const remote = splitId(id);
      if (remote) {
        await portOf(remote.backend_id).removeCredential(
          provider,
          remote.ref,
          AbortSignal.timeout(PATIENCE_MS),
        );
      } else if (!(await deleteCredential(db, provider, id))) {
        throw new ApiError(404, "secret_not_found", "There is no such credential.");
      }
      await changed("credentials");
    },
  };
}

/** `backend:ref` → its parts; null for the vault's own ids, which hold no colon. */
function splitId(id: string): { backend_id: string; ref: string } | null {
  const colon = id.indexOf(":");
  return colon < 0 ? null : { backend_id: id.slice(0, colon), ref: id.slice(colon + 1) };
}
