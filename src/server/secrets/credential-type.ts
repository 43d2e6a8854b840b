import * as z from "zod";

/** What a credential of the Sessions API is (its spec, section 5); decides which variables it becomes. */
export type CredentialKind = "api_key" | "env_vars" | "git_token" | "oauth_token";

const KINDS: readonly CredentialKind[] = ["api_key", "env_vars", "git_token", "oauth_token"];
const PREFIX = "Sessions API credential: ";

/** The vault knows no kinds, so a secret that is a credential says its kind in its description. */
export function describeKind(kind: CredentialKind): string {
  return `${PREFIX}${kind}`;
}

export function kindOf(description: string | null): CredentialKind {
  const word = description?.startsWith(PREFIX) ? description.slice(PREFIX.length) : "";
  return KINDS.find((kind) => kind === word) ?? "api_key";
}

const Variables = z.record(z.string(), z.string());

/** The variables that a credential becomes in a sandbox. */
export function variablesOf(kind: CredentialKind, name: string, value: string): Record<string, string> {
  const upper = name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_");
  switch (kind) {
    case "api_key":
      return { [upper]: value };
    case "git_token":
      return { GIT_TOKEN: value };
    case "oauth_token":
      return { [`${upper}_ACCESS_TOKEN`]: value };
    case "env_vars":
      return Variables.parse(JSON.parse(value));
    default:
      return kind satisfies never;
  }
}
