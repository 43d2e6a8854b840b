import type { PermissionAnswer } from "#src/backends/backend.ts";
import type { Actor, PendingRequest } from "#src/domain/request.ts";
import { ApiError } from "../errors.ts";
import { getRequest } from "../store/requests.ts";
import type { Db } from "../store/schema.ts";
import type { SessionService } from "./service.ts";

type Context = { sessions: SessionService; db: Db };
type Target = { session_id: string; request_id: string };

/** Answers a permission for the person who asked to; the agent hears of it before the log does. */
export async function answerPermission(
  { sessions, db }: Context,
  { session_id, request_id }: Target,
  answer: PermissionAnswer,
  by: Actor,
): Promise<void> {
  const request = await openRequest(db, session_id, request_id);
  if (request.kind !== "permission") throw wrongKind("a question");
  const kinds = { once: ["allow_once"], always: ["allow_always"], reject: ["reject_once", "reject_always"] }[
    answer.reply
  ];
  const option =
    request.options.find(({ id }) => id === answer.option_id) ??
    request.options.find(({ kind }) => kinds.includes(kind));
  const live = await sessions.liveSession(session_id);
  const answered = live.replyPermission(request_id, answer, {
    event_type: "permission_response",
    data: {
      request_id,
      tool_name: request.tool_name,
      approved: answer.reply !== "reject",
      reply: answer.reply,
      option_name: option?.name ?? null,
      message: answer.message,
      state: "answered",
      by,
    },
  });
  await answered.catch(tellingWho(db, request));
}

/** Answers a question, or rejects it with null. */
export async function answerQuestion(
  { sessions, db }: Context,
  { session_id, request_id }: Target,
  answers: string[][] | null,
  by: Actor,
): Promise<void> {
  const request = await openRequest(db, session_id, request_id);
  if (request.kind !== "question") throw wrongKind("a permission");
  const live = await sessions.liveSession(session_id);
  const answered = live.replyQuestion(request_id, answers, {
    event_type: "user_input_response",
    data: { request_id, answers, state: answers ? "answered" : "rejected", by },
  });
  await answered.catch(tellingWho(db, request));
}

/** Another answer may have come in between: the refusal tells whose it was, as if it had come long before. */
function tellingWho(db: Db, { session_id, id }: PendingRequest): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof ApiError && error.code === "already_resolved") await openRequest(db, session_id, id);
    throw error;
  };
}

/** The request, if it is still open; else 404, or 409 with who answered it, what and when. */
async function openRequest(db: Db, session_id: string, request_id: string): Promise<PendingRequest> {
  const request = await getRequest(db, request_id);
  if (!request || request.session_id !== session_id) {
    throw new ApiError(404, "request_not_found", "There is no such request in this session.");
  }
  if (request.state === "pending") return request;
  throw new ApiError(409, "already_resolved", resolvedSentence(request), {
    state: request.state,
    by: request.resolved_by,
    at: request.resolved_at,
    reply: request.kind === "permission" ? request.reply : null,
    answers: request.kind === "question" ? request.answers : null,
  });
}

function resolvedSentence(request: PendingRequest): string {
  const who = request.resolved_by?.name;
  switch (request.state) {
    case "expired":
      return "This request expired: the turn that asked is over.";
    case "auto_resolved":
      return "The agent resolved this request itself.";
    case "answered":
    case "rejected":
    case "pending":
      return who ? `This request was answered by ${who}.` : "This request was answered already.";
  }
}

function wrongKind(actual: string): ApiError {
  return new ApiError(404, "request_not_found", `This request is ${actual}.`);
}
