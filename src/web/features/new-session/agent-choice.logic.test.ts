import { expect, it } from "vitest";
import type { Agent } from "#src/domain/agent.ts";
import { agentState, defaultAgent } from "./agent-choice.logic.ts";

const agent = (id: string, fields: Partial<Agent> = {}): Agent => ({
  id,
  name: id,
  installed: true,
  credentials_available: false,
  installable: true,
  version: null,
  detail: null,
  ...fields,
});

it.each<[string, Agent[], string | null]>([
  ["the sandbox's own", [agent("claude", { credentials_available: true }), agent("mock")], "mock"],
  ["one with credentials", [agent("codex"), agent("claude", { credentials_available: true })], "claude"],
  ["any that is installed", [agent("codex", { installed: false }), agent("pi")], "pi"],
  ["none", [agent("mock", { installed: false })], null],
])("offers %s", (_, agents, expected) => {
  expect(defaultAgent(agents, { agent_provider: "mock" })?.id ?? null).toBe(expected);
});

it("says how an agent is", () => {
  expect(agentState(agent("a", { credentials_available: true }))).toBe("Ready");
  expect(agentState(agent("a"))).toBe("Installed, no credentials found");
  expect(agentState(agent("a", { installed: false }))).toBe("Not installed here");
  expect(agentState(agent("a", { installed: false, installable: false }))).toBe("Cannot be installed here");
});
