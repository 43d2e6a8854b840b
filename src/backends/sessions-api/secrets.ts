import { BackendError } from "#src/backends/backend-error.ts";
import type { SecretsPort, UpstreamCredential, UpstreamSecret } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import * as z from "zod";
import { refine } from "./errors.ts";
import { CredentialInfo, Ignored } from "./wire.ts";

/** Labels that keep what the API has no field for. */
const PROVIDER = "provider";
const DESCRIPTION = "description";

export const NO_UPDATE = "This API cannot change a credential: delete it and make it again.";

/**
 * The API's credentials as secrets (spec 5). A secret is one of type `api_key`, which becomes an environment variable
 * of its name; a provider's carries a label with the provider.
 */
export function createCredentials(http: Http): SecretsPort {
  async function all(signal: AbortSignal): Promise<CredentialInfo[]> {
    return http.json({ path: "/credentials", signal }, z.array(CredentialInfo));
  }

  async function create(
    credential: { name: string; value: string; type: string; labels: Record<string, string> },
    signal: AbortSignal,
  ): Promise<CredentialInfo> {
    const { name, value, type, labels } = credential;
    // The documents put the value into `data`, the source into `value`.
    const body = { name, credential_type: type, value, data: { value }, labels };
    try {
      const request = { method: "POST" as const, path: "/credentials", body, private_body: true, signal };
      return await http.json(request, CredentialInfo);
    } catch (error) {
      throw refine(error);
    }
  }

  async function remove(ref: string, signal: AbortSignal): Promise<void> {
    await http.json({ method: "DELETE", path: `/credentials/${encodeURIComponent(ref)}`, signal }, Ignored);
  }

  return {
    list: async (signal) => (await all(signal)).filter((one) => !providerOf(one)).map(secretOf),
    async create({ name, value, description }, signal) {
      const labels: Record<string, string> = description === null ? {} : { [DESCRIPTION]: description };
      return secretOf(await create({ name, value, type: "api_key", labels }, signal));
    },
    update: () => Promise.reject(new BackendError("unsupported", NO_UPDATE)),
    remove,
    listCredentials: async (provider, signal) =>
      (await all(signal)).filter((one) => providerOf(one) === provider).map(credentialOf),
    async createCredential(provider, { name, value, type }, signal) {
      const wire = type === "oauth" ? "oauth_token" : "api_key";
      return credentialOf(
        await create({ name, value, type: wire, labels: { [PROVIDER]: provider } }, signal),
      );
    },
    removeCredential: (_, ref, signal) => remove(ref, signal),
  };
}

function providerOf({ labels }: CredentialInfo): string | null {
  return labels?.[PROVIDER] ?? null;
}

function secretOf({ id, name, labels, created_at }: CredentialInfo): UpstreamSecret {
  const at = created_at ?? null;
  const description = labels?.[DESCRIPTION] ?? null;
  return { ref: id, name, description, scope: "org", created_at: at, updated_at: at };
}

function credentialOf(info: CredentialInfo): UpstreamCredential {
  const type = /oauth|o_auth/.test(info.credential_type ?? "") ? "oauth" : "api_key";
  return { ...secretOf(info), provider: providerOf(info) ?? "", type };
}
