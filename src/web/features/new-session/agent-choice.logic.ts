import type { Agent } from "#src/domain/agent.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";

/** Whether a session with it can start now. */
export function isReady(agent: Agent): boolean {
  return agent.installed;
}

/** The agent to offer first: the sandbox's own, else one that has its credentials, else any that is installed. */
export function defaultAgent(
  agents: readonly Agent[],
  sandbox: Pick<Sandbox, "agent_provider">,
): Agent | null {
  const ready = agents.filter(isReady);
  return (
    ready.find(({ id }) => id === sandbox.agent_provider) ??
    ready.find(({ credentials_available }) => credentials_available) ??
    ready[0] ??
    null
  );
}

/** Its state in a sandbox, in a few words. */
export function agentState(agent: Agent): string {
  if (!agent.installed) return agent.installable ? "Not installed here" : "Cannot be installed here";
  return agent.credentials_available ? "Ready" : "Installed, no credentials found";
}
