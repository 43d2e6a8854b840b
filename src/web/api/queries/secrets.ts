import { mutationOptions, queryOptions } from "@tanstack/react-query";
import type { BodyIn } from "#src/contract/routes.ts";
import type { ProviderCredential } from "#src/domain/secret.ts";
import { call } from "#src/web/api/call.ts";

export const secretKeys = {
  all: ["secrets"] as const,
  list: ["secrets", "list"] as const,
  credentials: ["secrets", "credentials"] as const,
};

/** The AI providers whose credentials Sandbar keeps. */
export const providers = ["claude", "codex"] as const;

/** Every secret, without its value. */
export function secretsQuery() {
  return queryOptions({
    queryKey: secretKeys.list,
    queryFn: ({ signal }) => call("GET /secrets", { signal }),
  });
}

/** The credentials of every provider, without their values. */
export function credentialsQuery() {
  return queryOptions({
    queryKey: secretKeys.credentials,
    queryFn: async ({ signal }): Promise<ProviderCredential[]> => {
      const lists = await Promise.all(
        providers.map((provider) => call("GET /secrets/{provider}", { params: { provider }, signal })),
      );
      return lists.flat();
    },
  });
}

export const createSecretMutation = mutationOptions({
  mutationFn: (body: BodyIn<"POST /secrets">) => call("POST /secrets", { body }),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: secretKeys.list }),
});

/** Changes what is given; an absent value stays what it was. */
export const updateSecretMutation = mutationOptions({
  mutationFn: ({ secret_id, ...body }: { secret_id: string } & BodyIn<"PUT /secrets/{secret_id}">) =>
    call("PUT /secrets/{secret_id}", { params: { secret_id }, body }),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: secretKeys.list }),
});

export const deleteSecretMutation = mutationOptions({
  mutationFn: (secret_id: string) => call("DELETE /secrets/{secret_id}", { params: { secret_id } }),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: secretKeys.list }),
});

export const createCredentialMutation = mutationOptions({
  mutationFn: ({ provider, ...body }: { provider: string } & BodyIn<"POST /secrets/{provider}">) =>
    call("POST /secrets/{provider}", { params: { provider }, body }),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: secretKeys.credentials }),
});

export const deleteCredentialMutation = mutationOptions({
  mutationFn: ({ provider, id }: Pick<ProviderCredential, "provider" | "id">) =>
    call("DELETE /secrets/{provider}/{secret_id}", { params: { provider, secret_id: id } }),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: secretKeys.credentials }),
});
