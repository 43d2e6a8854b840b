import type { Agent } from "#src/domain/agent.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { LOCAL_ID } from "../../backends/local-id.ts";
import type { Services } from "../../routes/services.ts";
import { presentAgents } from "../../sandboxes/agents.ts";
import { listSessions } from "../../store/sessions.ts";
import { AGENT_ORDER, aboutAgent, capabilitiesOf, modesOf } from "./known-agents.ts";
import { invalidRequest, Problem, unsupportedAgent } from "./problems.ts";
import { readBody } from "./request.ts";
import { param, type Routes } from "./routes.ts";
import { runningSandbox, type Scope } from "./scope.ts";
import { Install } from "./wire.ts";

type Model = { id: string; name?: string };

/** The agents of a sandbox, as it tells them; of none while none runs, all but the mock are to be installed. */
export async function agentsOf(services: Services, scope: Scope, signal: AbortSignal): Promise<Agent[]> {
  const sandbox = await runningSandbox(services, scope);
  if (sandbox?.state === "running") {
    const backend = services.registry.adapter(LOCAL_ID);
    return backend.listAgents(sandbox.upstream_id ?? sandbox.id, signal);
  }
  return presentAgents([]).map((agent) => ({
    ...agent,
    installed: agent.id === "mock",
    credentials_available: agent.id === "mock",
  }));
}

/** @throws Problem 400 for an agent that no sandbox knows */
export async function checkAgent(services: Services, scope: Scope, agent: string, signal: AbortSignal) {
  const agents = await agentsOf(services, scope, signal);
  if (!agents.some(({ id }) => id === agent)) throw unsupportedAgent(agent);
}

/** `/agents*` (spec 2). */
export function agentRoutes(services: Services): Routes {
  /** What sessions of this agent offered last: the truth, where one was open; else what the original fell back to. */
  async function modelsOf(agent: string): Promise<{ models: Model[]; defaultModel?: string }> {
    const { items } = await listSessions(services.store.db, { backend_id: LOCAL_ID, limit: 1_000 });
    const offered = items
      .filter((session) => session.agent === agent)
      .flatMap(({ options }) => options.filter(({ category }) => category === "model"))
      .find(({ choices }) => choices.length > 0);
    const { models, default_model } = aboutAgent(agent);
    return {
      models: offered?.choices.map(({ value, name }) => ({ id: value, name })) ?? [...models],
      ...(default_model === undefined ? {} : { defaultModel: default_model }),
    };
  }

  return {
    "GET /agents": async (context, scope) => {
      const agents = await agentsOf(services, scope, context.req.raw.signal);
      const place = ({ id }: Agent): number => (AGENT_ORDER.indexOf(id) + 1 || AGENT_ORDER.length + 1) - 1;
      return context.json({
        agents: agents
          .toSorted((a, b) => place(a) - place(b))
          .map(({ id, installed, credentials_available, version }) => ({
            id,
            installed,
            credentialsAvailable: credentials_available,
            ...(version === null ? {} : { version }),
            capabilities: capabilitiesOf(id),
          })),
      });
    },

    "POST /agents/:agent/install": async (context, scope) => {
      await readBody(context, Install);
      const agent = param(context, "agent");
      const { signal } = context.req.raw;
      await checkAgent(services, scope, agent, signal);
      // It is in every sandbox.
      if (agent === "mock") return context.body(null, 204);
      const sandbox = await runningSandbox(services, scope);
      if (sandbox?.state !== "running") throw invalidRequest("no sandbox runs; start one to install into it");
      try {
        await services.registry
          .adapter(LOCAL_ID)
          .installAgent(sandbox.upstream_id ?? sandbox.id, agent, signal);
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        const details = { stderr: error.message };
        throw new Problem(500, "install_failed", `install failed: ${agent}`, { agent, details });
      }
      return context.body(null, 204);
    },

    "GET /agents/:agent/modes": async (context, scope) => {
      const agent = param(context, "agent");
      await checkAgent(services, scope, agent, context.req.raw.signal);
      return context.json({ modes: modesOf(agent) });
    },

    "GET /agents/:agent/models": async (context, scope) => {
      const agent = param(context, "agent");
      await checkAgent(services, scope, agent, context.req.raw.signal);
      return context.json(await modelsOf(agent));
    },
  };
}
