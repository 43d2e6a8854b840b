import path from "node:path";
import type { Context } from "hono";
import type { ContentBlock } from "#src/domain/content.ts";
import type { Session } from "#src/domain/session.ts";
import { ApiError } from "../../errors.ts";
import { streamHeaders } from "../../events/stream.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { answerPermission, answerQuestion } from "../../sessions/answers.ts";
import { listRequests } from "../../store/requests.ts";
import { checkAgent } from "./agent-routes.ts";
import { createSessionMaker } from "./create-session.ts";
import { endOfTurn, universalStream, withRaw } from "./events.ts";
import { createUniversalLogs } from "./log.ts";
import { invalidRequest } from "./problems.ts";
import { readBody, readQuery } from "./request.ts";
import { param, type RouteHandler, type Routes } from "./routes.ts";
import type { Scope } from "./scope.ts";
import { hasEnded, listScoped, ownerOf, scopedSession, sessionInfo } from "./sessions.ts";
import { CreateSession, EventsQuery, PermissionReply, QuestionReply, SendMessage } from "./wire.ts";

/** `/sessions*` (spec 2), and beyond the original: one session, what it waits for, and an abort. */
export function sessionRoutes(services: Services): Routes {
  const { sessions, store, hub, auth } = services;
  const logs = createUniversalLogs(hub);
  const makeSession = createSessionMaker(services);

  const sessionOf = (context: Context<AppEnv>, scope: Scope): Promise<Session> =>
    scopedSession(services, scope, param(context, "session_id"));

  async function info(session: Session) {
    const owner = await ownerOf(services, session);
    return sessionInfo(session, owner.native_session_id, (await logs.all(owner)).length);
  }

  async function openSession(context: Context<AppEnv>, scope: Scope): Promise<Session> {
    const session = await sessionOf(context, scope);
    if (hasEnded(session)) throw invalidRequest("session terminated");
    return session;
  }

  const signalsOf = (context: Context<AppEnv>): AbortSignal[] => [
    context.req.raw.signal,
    auth.endOf(context.get("credential_id")),
  ];

  const readEvents: RouteHandler = async (context, scope) => {
    const { offset = 0, limit, includeRaw, include_raw } = readQuery(context, EventsQuery);
    const owner = await ownerOf(services, await sessionOf(context, scope));
    const rest = (await logs.all(owner)).slice(offset);
    const page = limit === undefined ? rest : rest.slice(0, limit);
    const events = await withRaw(services, owner, page, includeRaw ?? include_raw ?? false);
    return context.json({ events, hasMore: page.length < rest.length });
  };

  return {
    "GET /sessions": async (context, scope) =>
      context.json({ sessions: await Promise.all((await listScoped(services, scope)).map(info)) }),

    "POST /sessions/:session_id": async (context, scope) => {
      const body = await readBody(context, CreateSession);
      await checkAgent(services, scope, body.agent, context.req.raw.signal);
      const session = await makeSession(scope, param(context, "session_id"), body);
      const { native_session_id } = await ownerOf(services, session);
      return context.json({
        healthy: true,
        ...(native_session_id === null ? {} : { nativeSessionId: native_session_id }),
      });
    },

    "GET /sessions/:session_id": async (context, scope) =>
      context.json(await info(await sessionOf(context, scope))),

    "POST /sessions/:session_id/messages": async (context, scope) => {
      const body = await readBody(context, SendMessage);
      const session = await openSession(context, scope);
      await sessions.send(session.id, contentOf(body), context.get("actor"));
      return context.body(null, 204);
    },

    "POST /sessions/:session_id/messages/stream": async (context, scope) => {
      const { includeRaw, include_raw } = readQuery(context, EventsQuery);
      const body = await readBody(context, SendMessage);
      const session = await openSession(context, scope);
      const owner = await ownerOf(services, session);
      const offset = (await logs.all(owner)).length;
      const { message_id } = await sessions.send(session.id, contentOf(body), context.get("actor"));
      const stream = universalStream(
        { hub, logs },
        {
          owner,
          session,
          offset,
          include_raw: includeRaw ?? include_raw ?? false,
          isLast: endOfTurn(message_id),
          signals: signalsOf(context),
        },
      );
      return new Response(stream, { headers: streamHeaders });
    },

    "GET /sessions/:session_id/events": readEvents,
    "GET /sessions/:session_id/get-messages": readEvents,

    "GET /sessions/:session_id/events/sse": async (context, scope) => {
      const { offset, includeRaw, include_raw } = readQuery(context, EventsQuery);
      const session = await sessionOf(context, scope);
      const stream = universalStream(
        { hub, logs },
        {
          owner: await ownerOf(services, session),
          session,
          // A reconnecting browser repeats its first address, so what it says it has counts for more.
          offset: lastEventId(context) ?? offset ?? 0,
          include_raw: includeRaw ?? include_raw ?? false,
          signals: signalsOf(context),
        },
      );
      return new Response(stream, { headers: streamHeaders });
    },

    "POST /sessions/:session_id/permissions/:request_id/reply": async (context, scope) => {
      const { reply } = await readBody(context, PermissionReply);
      const request_id = param(context, "request_id");
      const session = await sessionOf(context, scope);
      await answered("permission", request_id, () =>
        answerPermission(
          { sessions, db: store.db },
          { session_id: session.id, request_id },
          { reply, option_id: null, message: null },
          context.get("actor"),
        ),
      );
      return context.body(null, 204);
    },

    "POST /sessions/:session_id/questions/:request_id/reply": async (context, scope) => {
      const { answers } = await readBody(context, QuestionReply);
      return answer(context, scope, answers);
    },
    "POST /sessions/:session_id/questions/:request_id/reject": (context, scope) =>
      answer(context, scope, null),

    "POST /sessions/:session_id/terminate": async (context, scope) => {
      const session = await sessionOf(context, scope);
      if (!hasEnded(session)) await sessions.patch(session.id, { state: "completed" });
      return context.body(null, 204);
    },

    "POST /sessions/:session_id/abort": async (context, scope) => {
      const session = await sessionOf(context, scope);
      try {
        await sessions.interrupt(session.id, context.get("actor"));
      } catch (error) {
        // No turn runs, so there is nothing left to stop.
        if (!(error instanceof ApiError) || error.code !== "session_invalid_state") throw error;
      }
      return context.body(null, 204);
    },

    "GET /sessions/:session_id/pending": async (context, scope) => {
      const session = await sessionOf(context, scope);
      const requests = await listRequests(store.db, { states: ["pending"], session_id: session.id });
      const pending = new Set(requests.map(({ id }) => id));
      const events = (await logs.all(await ownerOf(services, session))).map(({ event }) => event);
      return context.json({
        permissions: events.flatMap(({ type, data }) =>
          type === "permission.requested" && pending.has(data.permission_id) ? [data] : [],
        ),
        questions: events.flatMap(({ type, data }) =>
          type === "question.requested" && pending.has(data.question_id) ? [data] : [],
        ),
      });
    },
  };

  async function answer(
    context: Context<AppEnv>,
    scope: Scope,
    answers: string[][] | null,
  ): Promise<Response> {
    const request_id = param(context, "request_id");
    const session = await sessionOf(context, scope);
    await answered("question", request_id, () =>
      answerQuestion(
        { sessions, db: store.db },
        { session_id: session.id, request_id },
        answers,
        context.get("actor"),
      ),
    );
    return context.body(null, 204);
  }
}

/** A request that is not known or not open any more is a bad request here, not 404 or 409 (spec 2). */
async function answered(kind: string, request_id: string, reply: () => Promise<void>): Promise<void> {
  try {
    await reply();
  } catch (error) {
    if (!(error instanceof ApiError) || !["request_not_found", "already_resolved"].includes(error.code))
      throw error;
    throw invalidRequest(`unknown ${kind} id: ${request_id}`);
  }
}

function contentOf({ message, attachments }: SendMessage): ContentBlock[] {
  return [
    { type: "text", text: message },
    ...attachments.map((attachment): ContentBlock => ({
      type: "file",
      name: attachment.filename ?? path.basename(attachment.path),
      path: attachment.path,
      ...(attachment.mime === null ? {} : { media_type: attachment.mime }),
    })),
  ];
}

function lastEventId(context: Context<AppEnv>): number | null {
  const id = context.req.header("last-event-id") ?? "";
  return /^\d{1,15}$/.test(id) ? Number(id) : null;
}
