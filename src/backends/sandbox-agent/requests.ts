import type { PermissionOption } from "#src/domain/request.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import type { PermissionAnswer } from "#src/backends/backend.ts";
import { answersToContent } from "./map-elicitation.ts";
import { chooseOption } from "./map-permission.ts";
import type { ElicitationParams, RpcId } from "./wire.ts";

/** A request of the agent that waits for a person. */
export type AgentRequest =
  | { kind: "permission"; rpc_id: RpcId; options: PermissionOption[] }
  | { kind: "question"; rpc_id: RpcId; params: ElicitationParams };

export type Respond = (id: RpcId, result: unknown) => Promise<void>;

/** The requests of one instance that wait, by the id they have in events. */
export type Requests = {
  /**
   * The id of an agent's request in events. Agents count from 0 in every process, and `7` is not `"7"`, so it holds
   * the instance and the id's JSON.
   */
  idOf(rpc_id: RpcId): string;
  /** Keeps a request; false when this id was already seen, so it is not new. */
  add(request_id: string, request: AgentRequest): boolean;
  replyPermission(request_id: string, answer: PermissionAnswer): Promise<void>;
  replyQuestion(request_id: string, answers: readonly (readonly string[])[] | null): Promise<void>;
  /** Answers all that wait with ACP's `cancelled`: the turn they belong to is being stopped. */
  cancelAll(): Promise<void>;
  /** Forgets all that wait: their turn is over, the agent expects no answer. */
  clear(): void;
};

export function createRequests(server_id: string, respond: Respond): Requests {
  const waiting = new Map<string, AgentRequest>();
  const seen = new Set<string>();

  function find<K extends AgentRequest["kind"]>(
    request_id: string,
    kind: K,
  ): Extract<AgentRequest, { kind: K }> {
    const request = waiting.get(request_id);
    if (request && isKind(request, kind)) return request;
    throw new BackendError("already_resolved", "The agent no longer waits for this answer.");
  }

  /** Forgets the request only when the answer was taken, so that a failed reply can be tried again. */
  async function answer(request_id: string, rpc_id: RpcId, result: unknown): Promise<void> {
    await respond(rpc_id, result);
    waiting.delete(request_id);
  }

  return {
    idOf: (rpc_id) => `${server_id.slice(0, 8)}:${JSON.stringify(rpc_id)}`,
    add(request_id, request) {
      if (seen.has(request_id)) return false;
      seen.add(request_id);
      waiting.set(request_id, request);
      return true;
    },
    async replyPermission(request_id, reply) {
      const { rpc_id, options } = find(request_id, "permission");
      await answer(request_id, rpc_id, { outcome: chooseOption(options, reply) });
    },
    async replyQuestion(request_id, answers) {
      const { rpc_id, params } = find(request_id, "question");
      const result =
        answers === null
          ? { action: "decline" }
          : { action: "accept", content: answersToContent(params, answers) };
      await answer(request_id, rpc_id, result);
    },
    async cancelAll() {
      const open = [...waiting];
      await Promise.all(
        open.map(([request_id, request]) =>
          answer(request_id, request.rpc_id, cancelledResult(request.kind)),
        ),
      );
    },
    clear: () => waiting.clear(),
  };
}

function isKind<K extends AgentRequest["kind"]>(
  request: AgentRequest,
  kind: K,
): request is Extract<AgentRequest, { kind: K }> {
  return request.kind === kind;
}

/** The answer that says nobody will answer. */
export function cancelledResult(kind: AgentRequest["kind"]): unknown {
  return kind === "permission" ? { outcome: { outcome: "cancelled" } } : { action: "cancel" };
}
