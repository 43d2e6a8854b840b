import { mutationOptions, queryOptions } from "@tanstack/react-query";
import type { BodyIn } from "#src/contract/routes.ts";
import { call } from "#src/web/api/call.ts";
import { toPage } from "#src/web/api/list-page.ts";

export type SessionFilter = {
  archived?: boolean;
  backend?: string;
  sandbox?: string;
  state?: string;
  q?: string;
  label?: string;
};

/** Every key starts with `sessions`; those of one session with `["sessions", "one", session_id]`. */
export const sessionKeys = {
  all: ["sessions"] as const,
  lists: ["sessions", "list"] as const,
  list: (filter: SessionFilter) => ["sessions", "list", filter] as const,
  one: (session_id: string) => ["sessions", "one", session_id] as const,
};

/** Up to 500 sessions, newest activity first; archived ones only when asked for. */
export function sessionsQuery(filter: SessionFilter = {}) {
  const { archived, ...rest } = filter;
  return queryOptions({
    queryKey: sessionKeys.list(filter),
    queryFn: async ({ signal }) =>
      toPage(
        await call("GET /sessions", {
          query: { ...rest, archived: archived ? "1" : undefined, limit: "500", page: "1" },
          signal,
        }),
      ),
  });
}

/** One session, without its messages: the transcript has those. */
export function sessionQuery(session_id: string) {
  return queryOptions({
    queryKey: sessionKeys.one(session_id),
    queryFn: ({ signal }) =>
      call("GET /sessions/{session_id}", { params: { session_id }, query: { messages: "0" }, signal }),
  });
}

/** The same key for the same thing sent again: when only its answer was lost, it is not done a second time. */
type Keyed = { key?: string };

/** Starts a session; gives it back. */
export const createSessionMutation = mutationOptions({
  mutationFn: ({
    sandbox_id,
    key,
    ...body
  }: { sandbox_id: string } & Keyed & NonNullable<BodyIn<"POST /sandboxes/{sandbox_id}/sessions">>) =>
    call("POST /sandboxes/{sandbox_id}/sessions", { params: { sandbox_id }, body, key }),
  onSuccess: (session, _variables, _result, { client }) => {
    client.setQueryData(sessionQuery(session.id).queryKey, session);
    return client.invalidateQueries({ queryKey: sessionKeys.lists });
  },
});

/** Renames, annotates, ends, reopens, archives or restores a session. */
export const updateSessionMutation = mutationOptions({
  mutationFn: ({ session_id, ...body }: { session_id: string } & BodyIn<"PATCH /sessions/{session_id}">) =>
    call("PATCH /sessions/{session_id}", { params: { session_id }, body }),
  onSuccess: (session, _variables, _result, { client }) => {
    client.setQueryData(sessionQuery(session.id).queryKey, session);
    return client.invalidateQueries({ queryKey: sessionKeys.lists });
  },
});

/** Changes an option of a session, such as its model. */
export const setOptionMutation = mutationOptions({
  mutationFn: ({ session_id, ...body }: { session_id: string; id: string; value: string | boolean }) =>
    call("POST /sessions/{session_id}/options", { params: { session_id }, body }),
  onSuccess: (options, { session_id }, _result, { client }) => {
    client.setQueryData(sessionQuery(session_id).queryKey, (session) => session && { ...session, options });
  },
});

/** Sends a prompt and returns at once: what the agent says comes by the stream. */
export const sendMessageMutation = mutationOptions({
  mutationFn: ({
    session_id,
    key,
    ...body
  }: { session_id: string } & Keyed & BodyIn<"POST /sessions/{session_id}/messages">) =>
    call("POST /sessions/{session_id}/messages", {
      params: { session_id },
      body,
      key,
      headers: { prefer: "respond-async" },
    }),
});

/** Stops the running turn; the stream tells when it has ended. */
export const interruptMutation = mutationOptions({
  mutationFn: ({ session_id }: { session_id: string }) =>
    call("POST /sessions/{session_id}/interrupt", { params: { session_id } }),
});

/** Takes a prompt out of the queue; its content comes back for editing, null when it had already left. */
export const takeFromQueueMutation = mutationOptions({
  mutationFn: (params: { session_id: string; message_id: string }) =>
    call("DELETE /sessions/{session_id}/queue/{message_id}", { params }),
});
