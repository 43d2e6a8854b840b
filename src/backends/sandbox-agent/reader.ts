import type { DomainEvent } from "#src/domain/event.ts";
import {
  createMemory,
  mapInvalidStdout,
  mapPromptResponse,
  mapUpdate,
  type SessionMemory,
  unparsed,
} from "./map.ts";
import { mapElicitation } from "./map-elicitation.ts";
import { optionsFromWire } from "./map-options.ts";
import { mapPermission, permissionOptions } from "./map-permission.ts";
import { createReplay, type Replay } from "./map-replay.ts";
import { cancelledResult, type Requests } from "./requests.ts";
import {
  AgentExited,
  ElicitationParams,
  PermissionParams,
  type RpcError,
  type RpcId,
  type RpcMessage,
  SessionUpdateParams,
  WireSession,
} from "./wire.ts";

/** What a message of the agent comes to: events to show, an answer to send back, the end of a turn or of the process. */
export type Reading = {
  events: DomainEvent[];
  answer?: { id: RpcId; body: { result: unknown } | { error: RpcError } };
  /** The message was a prompt's response that an earlier run of Sandbar waits for. */
  turn_ended?: boolean;
  exited?: { code: number | null };
};

/** How updates are taken: as news, not at all while a known history is replayed, or as history. */
export type ReadingMode = "live" | "skip" | "replay";

/** Turns the messages of one instance into events. No I/O: what must be sent back is part of the reading. */
export type MessageReader = {
  readonly memory: SessionMemory;
  read(message: RpcMessage): Reading;
  setMode(mode: ReadingMode): DomainEvent[];
  /** Once known, updates of other sessions are told apart. */
  setRef(ref: string): void;
};

export function createReader(config: {
  title: string | null;
  directory: string | null;
  requests: Requests;
}): MessageReader {
  const { requests, directory } = config;
  const memory = createMemory(config.title);
  let ref: string | null = null;
  let mode: ReadingMode = "live";
  let replay: Replay | null = null;

  function readUpdate(params: unknown): DomainEvent[] {
    const parsed = SessionUpdateParams.safeParse(params);
    if (!parsed.success)
      return [unparsed("An update without a session or a kind.", "session/update", params)];
    const { sessionId, update } = parsed.data;
    if (ref !== null && sessionId !== ref)
      return [unparsed("An update of another session.", "session/update", params)];
    if (replay) return replay.take(update);
    const events = mapUpdate(update, memory);
    // A known history is not shown twice, but what the session is now is news.
    return mode === "skip" ? events.filter(({ event_type }) => event_type === "session_updated") : events;
  }

  function readRequest(id: RpcId, message: RpcMessage): Reading {
    const method = message.method ?? "";
    switch (method) {
      case "session/request_permission":
        return readPermission(id, message.params);
      case "elicitation/create":
        return readElicitation(id, message.params);
      default: {
        const answer = { id, body: { error: { code: -32601, message: `Method not found: ${method}` } } };
        // Files and terminals were not offered; OpenCode asks all the same and then helps itself (spec 3.2).
        if (/^(fs|terminal)\//.test(method)) return { events: [], answer };
        return { events: [unparsed(`A request that is not known: ${method}`, method, message)], answer };
      }
    }
  }

  function readPermission(id: RpcId, raw: unknown): Reading {
    const params = PermissionParams.safeParse(raw).data;
    if (!params) {
      const body = { result: cancelledResult("permission") };
      return {
        events: [unparsed("A permission request of an unknown shape.", "session/request_permission", raw)],
        answer: { id, body },
      };
    }
    const request_id = requests.idOf(id);
    const fresh = requests.add(request_id, {
      kind: "permission",
      rpc_id: id,
      options: permissionOptions(params),
    });
    return { events: fresh ? mapPermission(params, request_id, memory.tools, directory) : [] };
  }

  function readElicitation(id: RpcId, raw: unknown): Reading {
    const params = ElicitationParams.safeParse(raw).data;
    const request_id = requests.idOf(id);
    const event = params ? mapElicitation(params, request_id) : null;
    if (!params || !event) {
      const body = { result: cancelledResult("question") };
      return {
        events: [unparsed("A question of an unknown shape.", "elicitation/create", raw)],
        answer: { id, body },
      };
    }
    return { events: requests.add(request_id, { kind: "question", rpc_id: id, params }) ? [event] : [] };
  }

  /** Our ids begin with their method, so a response to an earlier run of Sandbar still says what it answers. */
  function readForeignResponse(message: RpcMessage): Reading {
    const id = String(message.id ?? "");
    if (/^session\/(new|load|resume):/.test(id)) {
      const session = WireSession.safeParse(message.result).data;
      if (session) memory.options = optionsFromWire(session);
    }
    if (!id.startsWith("session/prompt:")) return { events: [] };
    requests.clear();
    return { events: mapPromptResponse(message), turn_ended: true };
  }

  return {
    memory,
    setRef: (value) => {
      ref = value;
    },
    setMode(next) {
      const rest = replay?.end() ?? [];
      mode = next;
      replay = next === "replay" ? createReplay(memory, `replay:${ref ?? ""}`) : null;
      return rest;
    },
    read(message) {
      const { id, method } = message;
      if (method === undefined) return readForeignResponse(message);
      if (id !== undefined && id !== null) return readRequest(id, message);
      switch (method) {
        case "session/update":
          return { events: readUpdate(message.params) };
        case "_adapter/agent_exited":
          return { events: [], exited: { code: AgentExited.safeParse(message.params).data?.code ?? null } };
        case "_adapter/invalid_stdout":
          return { events: [mapInvalidStdout(message.params)] };
        default:
          return { events: [unparsed(`A notification that is not known: ${method}`, method, message)] };
      }
    },
  };
}
