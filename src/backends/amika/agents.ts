import type { SecretsPort } from "#src/backends/backend.ts";
import type { Agent } from "#src/domain/agent.ts";
import { isNoRoute, statusOf } from "./errors.ts";
import { AGENT_KINDS } from "./spec.ts";

const NAMES = { claude: "Claude Code", codex: "Codex" } as const;

/** The agents of every Amika sandbox, and whether a credential is kept for each. */
export function listAgents(secrets: SecretsPort, signal: AbortSignal): Promise<Agent[]> {
  return Promise.all(
    AGENT_KINDS.map(async (kind) => {
      const has = await hasCredential(secrets, kind, signal);
      return {
        id: kind,
        name: NAMES[kind],
        installed: true,
        credentials_available: has,
        installable: false,
        version: null,
        detail: has
          ? null
          : `Amika keeps no credential for ${kind}: add one under Secrets before a sandbox is made.`,
      };
    }),
  );
}

/** A key that may not list credentials may still run agents with them. */
async function hasCredential(secrets: SecretsPort, kind: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await secrets.listCredentials(kind, signal)).length > 0;
  } catch (error) {
    if (statusOf(error) === 403 || isNoRoute(error)) return true;
    throw error;
  }
}
