import * as z from "zod";
import { CredentialType, ProviderCredential, Secret } from "#src/domain/secret.ts";
import { defineRoutes } from "./route.ts";

const tag = "Secrets";
const Scope = z.enum(["user", "org"]);
const Name = z.string().trim().min(1).max(200);

export const secretRoutes = defineRoutes({
  "GET /secrets": {
    tag,
    summary: "Every secret, without its value",
    query: z.object({ backend: z.string().optional() }),
    responses: { 200: z.array(Secret) },
  },
  "POST /secrets": {
    tag,
    summary: "Keep a secret; no route gives the value back",
    body: z.object({
      name: Name,
      value: z.string().min(1).max(65_536),
      description: z.string().max(500).nullable().optional(),
      scope: Scope.optional(),
      backend_id: z.string().optional(),
    }),
    responses: { 201: Secret },
    errors: ["secret_already_exists", "unsupported"],
  },
  "PUT /secrets/{secret_id}": {
    tag,
    summary: "Replace its value, name, scope or description; what is absent stays",
    body: z.object({
      name: Name.optional(),
      value: z.string().min(1).max(65_536).optional(),
      description: z.string().max(500).nullable().optional(),
      scope: Scope.optional(),
    }),
    responses: { 200: Secret },
    errors: ["secret_already_exists"],
  },
  "DELETE /secrets/{secret_id}": { tag, summary: "Delete it", responses: { 204: null } },
  "GET /secrets/{provider}": {
    tag,
    summary: "Credentials for an AI provider, without their values",
    responses: { 200: z.array(ProviderCredential) },
  },
  "POST /secrets/{provider}": {
    tag,
    summary: "Keep a provider credential",
    body: z.object({
      name: Name,
      value: z.string().min(1).max(65_536),
      type: CredentialType,
      scope: Scope.optional(),
      backend_id: z.string().optional(),
    }),
    responses: { 201: ProviderCredential },
    errors: ["secret_already_exists", "unsupported"],
  },
  "DELETE /secrets/{provider}/{secret_id}": {
    tag,
    summary: "Delete a provider credential",
    responses: { 204: null },
  },
});
