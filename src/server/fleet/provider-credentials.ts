import * as z from "zod";
import type { SandboxSpecView } from "#src/domain/sandbox.ts";
import type { ProviderCredential } from "#src/domain/secret.ts";
import { listCredentialRows } from "../store/secrets.ts";
import type { FleetDeps } from "./deps.ts";

type CredentialType = ProviderCredential["type"];

/** What agents sign in with: variables, and the `auth.json` of Codex, which reads a file. */
export type AgentSignIns = { variables: Record<string, string>; codex_sign_in: string | null };

/** Which of a provider's credentials a sandbox gets, what shows that it has its own, and how the value goes in. */
type Use = { variable: string; put(value: string, into: AgentSignIns): void };

const asVariable = (variable: string, read: (value: string) => string): Use => ({
  variable,
  put(value, { variables }) {
    variables[variable] ??= read(value);
  },
});

const uses: Readonly<Record<string, Partial<Record<CredentialType, Use>>>> = {
  claude: {
    api_key: asVariable("ANTHROPIC_API_KEY", (value) => value),
    oauth: asVariable("CLAUDE_CODE_OAUTH_TOKEN", claudeToken),
  },
  codex: {
    api_key: asVariable("OPENAI_API_KEY", (value) => value),
    oauth: {
      variable: "CODEX_HOME",
      put(value, into) {
        into.codex_sign_in ??= isJsonObject(value) ? value : null;
      },
    },
  },
};

/** A Claude sign-in is the file that its CLI writes, or the token that `claude setup-token` prints. */
const ClaudeSignIn = z.object({ claudeAiOauth: z.object({ accessToken: z.string() }) });

function claudeToken(value: string): string {
  try {
    return ClaudeSignIn.parse(JSON.parse(value)).claudeAiOauth.accessToken;
  } catch {
    return value.trim();
  }
}

function isJsonObject(text: string): boolean {
  try {
    return z.looseObject({}).safeParse(JSON.parse(text)).success;
  } catch {
    // Codex would not start with such a file.
    return false;
  }
}

/** Ids of the provider credentials and secrets that a sandbox was made with. */
export const Chosen = z.looseObject({ credentials: z.array(z.string()).optional() });

/**
 * The provider credentials that go into a sandbox: those it was made with; without a choice each provider's API key, or
 * its sign-in where it has no key. A variable that the sandbox has of its own stays.
 */
export async function agentSignIns(
  { store, vault }: Pick<FleetDeps, "store" | "vault">,
  spec: SandboxSpecView,
): Promise<AgentSignIns> {
  const { credentials: chosen } = Chosen.parse(spec);
  const rows = await listCredentialRows(store.db);
  const hasKey = (provider: string): boolean =>
    rows.some((row) => row.provider === provider && row.type === "api_key" && row.value_sealed !== null);
  const signIns: AgentSignIns = { variables: {}, codex_sign_in: null };
  for (const { id, provider, type, value_sealed } of rows) {
    const use = uses[provider]?.[type];
    if (!use || value_sealed === null || spec.env_names.includes(use.variable)) continue;
    if (chosen ? !chosen.includes(id) : type === "oauth" && hasKey(provider)) continue;
    use.put(vault.open(value_sealed, `credentials/${id}`), signIns);
  }
  return signIns;
}
