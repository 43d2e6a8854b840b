import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { BodyIn } from "#src/contract/routes.ts";
import { call } from "#src/web/api/call.ts";
import { sessionKeys } from "./sessions.ts";

export const requestKeys = {
  all: ["requests"] as const,
  pending: ["requests", "pending"] as const,
  recent: ["requests", "recent"] as const,
};

/** Every permission and question that waits, of all sessions, oldest first. */
export const pendingRequestsQuery = queryOptions({
  queryKey: requestKeys.pending,
  queryFn: async ({ signal }) => (await call("GET /requests", { query: { state: "pending" }, signal })).items,
});

/** The requests that were resolved last, whatever became of them, newest first. */
export const recentRequestsQuery = queryOptions({
  queryKey: requestKeys.recent,
  queryFn: async ({ signal }) => (await call("GET /requests", { query: { recent: "20" }, signal })).items,
});

/** Whatever an answer's outcome, the server knows best what still waits. */
function refresh(client: QueryClient, session_id: string) {
  return Promise.all([
    client.invalidateQueries({ queryKey: requestKeys.all }),
    client.invalidateQueries({ queryKey: sessionKeys.one(session_id) }),
    client.invalidateQueries({ queryKey: sessionKeys.lists }),
  ]);
}

type Target = { session_id: string; request_id: string };

/** Answers a permission; 409 `already_resolved` when somebody else was first. */
export const respondPermissionMutation = mutationOptions({
  mutationFn: ({
    session_id,
    request_id,
    ...body
  }: Target & BodyIn<"POST /sessions/{session_id}/permissions/{request_id}/respond">) =>
    call("POST /sessions/{session_id}/permissions/{request_id}/respond", {
      params: { session_id, request_id },
      body,
    }),
  onSettled: (_answer, _error, { session_id }, _result, { client }) => refresh(client, session_id),
});

/** Answers a question. */
export const answerQuestionMutation = mutationOptions({
  mutationFn: ({
    session_id,
    request_id,
    ...body
  }: Target & BodyIn<"POST /sessions/{session_id}/user-input/{request_id}/respond">) =>
    call("POST /sessions/{session_id}/user-input/{request_id}/respond", {
      params: { session_id, request_id },
      body,
    }),
  onSettled: (_answer, _error, { session_id }, _result, { client }) => refresh(client, session_id),
});

/** Declines to answer a question. */
export const rejectQuestionMutation = mutationOptions({
  mutationFn: (params: Target) =>
    call("POST /sessions/{session_id}/user-input/{request_id}/reject", { params }),
  onSettled: (_answer, _error, { session_id }, _result, { client }) => refresh(client, session_id),
});
