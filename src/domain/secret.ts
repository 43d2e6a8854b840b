import * as z from "zod";

/** A named value, without the value: no schema of Sandbar's API carries one outward. */
export const Secret = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  scope: z.enum(["user", "org"]),
  backend_id: z.string().nullable().describe("the backend that keeps it; null when Sandbar's vault does"),
  used_by: z.array(z.object({ sandbox_id: z.string(), sandbox_name: z.string(), env_name: z.string() })),
  last_used_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Secret = z.infer<typeof Secret>;

export const CredentialType = z.enum(["oauth", "api_key"]);

/** A secret for an AI provider (`claude`, `codex`, …). */
export const ProviderCredential = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  type: CredentialType,
  scope: z.enum(["user", "org"]),
  backend_id: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type ProviderCredential = z.infer<typeof ProviderCredential>;
