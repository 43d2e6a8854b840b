import type { SecretsPort, UpstreamCredential, UpstreamSecret } from "#src/backends/backend.ts";
import type { Http, HttpRequest } from "#src/backends/shared/http.ts";
import { ProviderCredential, Secret } from "#src/domain/secret.ts";
import * as z from "zod";
import { refine } from "./errors.ts";
import { Ignored } from "./wire.ts";

/** Another Sandbar's vault. Values go in and never come out. */
export function createSandbarSecrets(http: Http): SecretsPort {
  async function call<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    try {
      return await http.json({ private_body: true, ...request }, schema);
    } catch (error) {
      throw refine(error);
    }
  }
  const pathOf = (...segments: string[]): string => `/secrets/${segments.map(encodeURIComponent).join("/")}`;

  return {
    // What the other one keeps on its own backends is for their sandboxes only.
    list: async (signal) =>
      (await call({ path: "/secrets", signal }, z.array(Secret)))
        .filter(({ backend_id }) => backend_id === null)
        .map(secretOf),
    create: async (body, signal) =>
      secretOf(await call({ method: "POST", path: "/secrets", body, signal }, Secret)),
    async update(ref, body, signal) {
      await call({ method: "PUT", path: pathOf(ref), body, signal }, Secret);
    },
    async remove(ref, signal) {
      await call({ method: "DELETE", path: pathOf(ref), signal }, Ignored);
    },
    listCredentials: async (provider, signal) =>
      (await call({ path: pathOf(provider), signal }, z.array(ProviderCredential))).map(credentialOf),
    createCredential: async (provider, body, signal) =>
      credentialOf(await call({ method: "POST", path: pathOf(provider), body, signal }, ProviderCredential)),
    async removeCredential(provider, ref, signal) {
      await call({ method: "DELETE", path: pathOf(provider, ref), signal }, Ignored);
    },
  };
}

function secretOf({ id, name, description, scope, created_at, updated_at }: Secret): UpstreamSecret {
  return { ref: id, name, description, scope, created_at, updated_at };
}

function credentialOf(credential: ProviderCredential): UpstreamCredential {
  const { id, name, provider, type, scope, created_at, updated_at } = credential;
  return { ref: id, name, description: null, scope, created_at, updated_at, provider, type };
}
