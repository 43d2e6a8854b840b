import { BackendError } from "#src/backends/backend-error.ts";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import { MAX_BODY_BYTES } from "#src/backends/shared/agent-server.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import type { Instance } from "./instance.ts";
import { promptToWire } from "./map-content.ts";
import { findOption, replaceConfig, toSessionOptions, withValue } from "./map-options.ts";
import { ConfigResult, type InitializeResult } from "./wire.ts";

export type AgentCapabilities = NonNullable<InitializeResult["agentCapabilities"]>;

/** A prompt stays under the server's limit with its envelope. */
export const MAX_PROMPT_BYTES = MAX_BODY_BYTES - 1024;

const CLOSE_MS = 2_000;

const CANCEL_AGAIN_MS = 500;
const CANCEL_REPEATS = 10;

/** An open session as the port wants it. `continued` is false when a turn that was open before cannot go on. */
export function createLink(
  instance: Instance,
  ref: string,
  capabilities: AgentCapabilities,
  continued: boolean,
): SessionLink {
  const { rpc, requests } = instance;
  const { memory } = instance.reader;

  /** Lets the agent store the session before its process ends; one that cannot is ended all the same. */
  function closeUpstream(): Promise<void> {
    if (!capabilities.sessionCapabilities?.close) return Promise.resolve();
    return new Promise((resolve) => {
      rpc.send("session/close", { sessionId: ref }, () => resolve(), { timeout_ms: CLOSE_MS });
    });
  }

  function cancel(): Promise<void> {
    return rpc.notify("session/cancel", { sessionId: ref });
  }

  /** A cancel may overtake its prompt on the way and find no turn, so it is said again while that turn goes on. */
  function cancelAgain(turn: number | null, left: number): void {
    if (turn === null || left === 0) return;
    setTimeout(() => {
      if (instance.turnNumber() !== turn) return;
      // When the server cannot be reached, the link's own retry tells of it.
      cancel().then(
        () => cancelAgain(turn, left - 1),
        () => undefined,
      );
    }, CANCEL_AGAIN_MS);
  }

  return {
    ref,
    continued,
    get title() {
      return memory.title;
    },
    get options() {
      return toSessionOptions(memory.options);
    },
    get commands() {
      return memory.commands;
    },
    // The POST stays open for the whole turn: nothing says that it was accepted but what follows.
    async prompt(content) {
      const params = { sessionId: ref, prompt: promptToWire(content, capabilities.promptCapabilities) };
      if (new TextEncoder().encode(JSON.stringify(params)).byteLength > MAX_PROMPT_BYTES) {
        throw new BackendError(
          "too_large",
          "The message is over 2 MB with its attachments. Send smaller ones.",
        );
      }
      instance.startTurn(params);
    },
    async interrupt() {
      instance.assertOpen();
      await cancel();
      await requests.cancelAll();
      cancelAgain(instance.turnNumber(), CANCEL_REPEATS);
    },
    async replyPermission(request_id, answer) {
      instance.assertOpen();
      await requests.replyPermission(request_id, answer);
    },
    async replyQuestion(request_id, answers) {
      instance.assertOpen();
      await requests.replyQuestion(request_id, answers);
    },
    setOption: (id, value) => setOption(instance, ref, id, value),
    async close(how) {
      if (how === "end") await closeUpstream();
      if (instance.close() && how === "end") await rpc.remove();
    },
  };
}

/**
 * Sets one option, by id or category, the way its agent wants it.
 * @throws BackendError `invalid_request` when it is not offered or the agent refuses the value
 */
async function setOption(
  instance: Instance,
  sessionId: string,
  id: string,
  value: string | boolean,
): Promise<SessionOption[]> {
  const { memory } = instance.reader;
  const option = findOption(memory.options, id);
  if (!option) throw new BackendError("invalid_request", `This agent offers no option "${id}".`);
  let fresh = withValue(memory.options, id, value);
  switch (option.setter) {
    case "config": {
      const type = typeof value === "boolean" ? { type: "boolean" } : {};
      const result = await instance.ask("session/set_config_option", {
        sessionId,
        configId: option.id,
        value,
        ...type,
      });
      const offered = ConfigResult.safeParse(result).data?.configOptions;
      if (offered) fresh = replaceConfig(memory.options, offered);
      break;
    }
    case "mode":
      await instance.ask("session/set_mode", { sessionId, modeId: value });
      break;
    case "model":
      await instance.ask("session/set_model", { sessionId, modelId: value });
      break;
    default:
      return option.setter satisfies never;
  }
  memory.options = fresh;
  return toSessionOptions(fresh);
}

/** Sets what a new session was asked to have; what the agent refuses is said in the transcript and not fatal. */
export async function applyOptions(
  instance: Instance,
  link: SessionLink,
  wanted: OpenSession["options"],
): Promise<void> {
  for (const [id, value] of Object.entries(wanted)) {
    if (findOption(instance.reader.memory.options, id)?.value === value) continue;
    try {
      await link.setOption(id, value);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      const message = `The option "${id}" could not be set to "${value}": ${error.message}`;
      instance.emitNow({ event_type: "error", data: { code: error.code, message } });
    }
  }
}
