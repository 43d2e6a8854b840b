import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Session } from "#src/domain/session.ts";
import { confine } from "../../sandboxes/files.ts";
import type { Services } from "../../routes/services.ts";
import { aboutAgent, PERMISSION_MODES } from "./known-agents.ts";
import { explainAgentFailure, invalidRequest, Problem } from "./problems.ts";
import { type Scope, sandboxForSession } from "./scope.ts";
import { type Asked, findScoped } from "./sessions.ts";
import type { CreateSession } from "./wire.ts";

/** Makes sessions under ids that clients choose; two calls for one id at once cannot both win. */
export function createSessionMaker(services: Services) {
  const underWay = new Set<string>();

  return async function makeSession(scope: Scope, session_id: string, body: CreateSession): Promise<Session> {
    const key = `${scope.sandbox?.id ?? ""}/${session_id}`;
    if (underWay.has(key)) throw taken(session_id);
    underWay.add(key);
    try {
      if (await findScoped(services, scope, session_id)) throw taken(session_id);
      const asked = askedFor(body);
      const sandbox = await sandboxForSession(services, scope, body.sandbox, body.agent);
      return await services.sessions.create(sandbox.id, {
        agent: body.agent,
        title: body.title ?? undefined,
        directory: await usableDirectory(sandbox, body.directory),
        options: optionsOf(body.agent, asked),
        metadata: {
          rest_session_id: session_id,
          rest_options: asked,
          ...(body.mcp ? { mcp: body.mcp } : {}),
          ...(body.skills ? { skills: body.skills } : {}),
        },
      });
    } catch (error) {
      throw explainAgentFailure(error, body.agent);
    } finally {
      underWay.delete(key);
    }
  };
}

function taken(sessionId: string): Problem {
  return new Problem(409, "session_already_exists", `session already exists: ${sessionId}`, { sessionId });
}

/** The options, checked as the original checks them (spec 5). */
function askedFor(body: CreateSession): Asked {
  const { agent, model, variant, directory } = body;
  const about = aboutAgent(agent);
  const agentMode = body.agentMode ?? "build";
  const permissionMode = body.permissionMode ?? "default";
  if (!PERMISSION_MODES.includes(permissionMode))
    throw invalidRequest(`unknown permission mode: ${permissionMode}`);
  if (agent !== "opencode" && !about.modes.includes(agentMode)) throw unsupportedMode(agent, agentMode);
  // A client that accepts edits gets an agent that asks, where there is nothing between.
  const downgraded = permissionMode === "acceptEdits" && !about.permission_modes.includes("acceptEdits");
  if (!downgraded && !about.permission_modes.includes(permissionMode))
    throw unsupportedMode(agent, permissionMode);
  return {
    agentMode,
    permissionMode: downgraded ? "default" : permissionMode,
    model: model ?? about.default_model ?? null,
    variant,
    directory,
  };
}

function unsupportedMode(agent: string, mode: string): Problem {
  return new Problem(400, "mode_not_supported", `mode not supported: ${agent} ${mode}`, {
    agent,
    details: { mode },
  });
}

/** What the agent's own options are set to. A default is left to the agent. */
function optionsOf(agent: string, asked: Asked): Record<string, string> {
  const { own_modes, default_model } = aboutAgent(agent);
  const mode = own_modes[asked.permissionMode] ?? own_modes[asked.agentMode];
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(asked.model === null || asked.model === default_model ? {} : { model: asked.model }),
    ...(asked.variant === null ? {} : { thought_level: asked.variant }),
  };
}

/** The original only kept the folder; here the agent works in it when it is one of the sandbox. */
async function usableDirectory(sandbox: Sandbox, wanted: string | null): Promise<string | undefined> {
  if (wanted === null || sandbox.directory === null) return undefined;
  return confine(sandbox.directory, wanted).catch(() => undefined);
}
