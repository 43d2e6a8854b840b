import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { call } from "#src/web/api/call.ts";
import { createResender } from "#src/web/api/resend.ts";

export const tokenKeys = { all: ["tokens"] as const };

/** The API tokens, without their values. */
export const tokensQuery = queryOptions({
  queryKey: tokenKeys.all,
  queryFn: ({ signal }) => call("GET /tokens", { signal }),
});

const resender = createResender();

/** Makes a token; its answer is the only place that ever holds the value. */
export const createTokenMutation = mutationOptions({
  mutationFn: (name: string) => resender.send(name, (key) => call("POST /tokens", { body: { name }, key })),
  onSuccess: (_token, _name, _result, { client }) => client.invalidateQueries({ queryKey: tokenKeys.all }),
});

/** Revokes a token. */
export const revokeTokenMutation = mutationOptions({
  mutationFn: (token_id: string) => call("DELETE /tokens/{token_id}", { params: { token_id } }),
  onSuccess: (_none, _id, _result, { client }) => client.invalidateQueries({ queryKey: tokenKeys.all }),
});
