import { BackendError } from "#src/backends/backend-error.ts";
import type { SecretsPort, UpstreamSecret } from "#src/backends/backend.ts";
import type { Api } from "./api.ts";
import { hasCode, retold } from "./errors.ts";
import { AGENT_KINDS } from "./spec.ts";
import { Ignored, WireCredentials, WireSecret, WireSecrets } from "./wire.ts";

/** Secrets and credentials that Amika keeps (spec 1.6, 1.7). Its reveal routes are never called. */
export function createSecrets({ http }: Api): SecretsPort {
  return {
    async list(signal) {
      return (await http.json({ path: "/secrets", signal }, WireSecrets)).map(secretOf);
    },
    async create(secret, signal) {
      const made = await orExists(
        http.json({ method: "POST", path: "/secrets", body: secret, private_body: true, signal }, WireSecret),
      );
      return secretOf(made);
    },
    async update(ref, change, signal) {
      const path = `/secrets/${encodeURIComponent(ref)}`;
      await orExists(http.json({ method: "PUT", path, body: change, private_body: true, signal }, Ignored));
    },
    async remove(ref, signal) {
      await http.json({ method: "DELETE", path: `/secrets/${encodeURIComponent(ref)}`, signal }, Ignored);
    },
    async listCredentials(provider, signal) {
      const found = await http.json({ path: credentialsPath(provider), signal }, WireCredentials);
      return found.map(({ id, name, type, scope }) => ({
        ref: id,
        name,
        description: null,
        scope: scopeOf(scope),
        created_at: null,
        updated_at: null,
        provider,
        type: type === "oauth" ? "oauth" : "api_key",
      }));
    },
    async createCredential(provider, credential, signal) {
      const path = credentialsPath(provider);
      const made = await orExists(
        http.json({ method: "POST", path, body: credential, private_body: true, signal }, WireSecret),
      );
      return { ...secretOf(made), provider, type: credential.type };
    },
    async removeCredential(provider, ref, signal) {
      const path = `${credentialsPath(provider)}/${encodeURIComponent(ref)}`;
      await http.json({ method: "DELETE", path, signal }, Ignored);
    },
  };
}

function credentialsPath(provider: string): string {
  if (AGENT_KINDS.some((kind) => kind === provider)) return `/secrets/${provider}`;
  throw new BackendError("unsupported", `Amika keeps credentials for ${AGENT_KINDS.join(" and ")} only.`);
}

function secretOf({ id, name, description, scope, created_at, updated_at }: WireSecret): UpstreamSecret {
  return {
    ref: id,
    name,
    description: description ?? null,
    scope: scopeOf(scope),
    created_at: created_at ?? null,
    updated_at: updated_at ?? null,
  };
}

function scopeOf(word: string): "user" | "org" {
  return word === "org" ? "org" : "user";
}

/** A conflict is a name that is taken, or a second key of the organisation. */
async function orExists<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw hasCode(error, "invalid_state") ? retold(error, "already_exists") : error;
  }
}
