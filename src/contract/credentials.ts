import * as z from "zod";
import { defineRoutes } from "./route.ts";

const tag = "Credentials";

/** A secret as the Sessions API names it (its spec, section 5): it becomes variables of the sandboxes that name its id. */
const Credential = z.object({
  id: z.string(),
  name: z.string(),
  credential_type: z.string(),
  labels: z.record(z.string(), z.string()),
  created_at: z.string(),
  expires_at: z.string().nullable(),
});

export const credentialRoutes = defineRoutes({
  "GET /credentials": {
    tag,
    summary: "Every secret of Sandbar's vault as a credential, without its value",
    responses: { 200: z.array(Credential) },
  },
  "POST /credentials": {
    tag,
    summary: "Keep a credential; no route gives the value back",
    body: z.object({
      name: z.string().trim().min(1).max(200),
      credential_type: z
        .enum(["api_key", "env_vars", "git_token", "oauth_token"])
        .default("api_key")
        .describe("`env_vars`: the value is a JSON object of variables"),
      value: z.string().min(1).max(65_536).optional(),
      data: z
        .union([z.string(), z.record(z.string(), z.unknown())])
        .optional()
        .describe("another name of `value`, in the Sessions API's documents"),
    }),
    responses: { 201: Credential },
    errors: ["secret_already_exists"],
  },
  "GET /credentials/{credential_id}": {
    tag,
    summary: "One credential, without its value",
    responses: { 200: Credential },
    errors: ["credential_not_found"],
  },
  "DELETE /credentials/{credential_id}": {
    tag,
    summary: "Delete it",
    responses: { 204: null },
    errors: ["credential_not_found"],
  },
});
