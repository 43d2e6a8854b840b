import * as z from "zod";

const Agents = z.object({
  /** The folder of an agent's programs, or one sentence on why it cannot be had; by the agent's id. */
  agents: z.record(z.string(), z.union([z.object({ bin: z.string() }), z.object({ missing: z.string() })])),
  /** When to begin no more tests, in ms since the epoch. */
  deadline: z.number().nullable(),
});

/** What `src/scripts/agents.mjs` says about this run. */
const given = Agents.parse(JSON.parse(process.env.SANDBAR_AGENTS ?? '{"agents":{},"deadline":null}'));

/** Why an agent is not tested now, in one sentence; null when it is. */
export function skipReason(agent: string): string | null {
  const installed = given.agents[agent];
  if (!installed) return "the agents are installed by npm run test:agents";
  if ("missing" in installed) return installed.missing;
  const late = given.deadline !== null && Date.now() > given.deadline;
  return late ? "the time for the live tests is over" : null;
}

/** @throws Error when the agent is not there; see `skipReason`. */
export function binOf(agent: string): string {
  const installed = given.agents[agent];
  if (!installed || "missing" in installed) throw new Error(`${agent} is not installed`);
  return installed.bin;
}
