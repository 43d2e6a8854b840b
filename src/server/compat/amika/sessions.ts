import { Hono } from "hono";
import type { Session } from "#src/domain/session.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { messagesOf } from "../../sessions/messages.ts";
import { getSession, listSessions } from "../../store/sessions.ts";
import { localSandbox } from "../local-sandboxes.ts";
import { readJson } from "../read-json.ts";
import { awaitOutcome, chooseSession, outcomeOf, sendText, sessionOf } from "./send.ts";
import { sessionView, statesOf } from "./session-view.ts";
import { AgentSend, CreateSession, ListSessions, UpdateSession } from "./wire.ts";

const MOST = 1_000;

/** Sessions of one sandbox, and messages to its agents (spec 1.3, 1.4). Mounted under `/sandboxes`. */
export function sessionRoutes(services: Services): Hono<AppEnv> {
  const { sessions, store, transcripts } = services;
  const app = new Hono<AppEnv>();

  async function withMessages(session: Session) {
    return sessionView(session, messagesOf(session.id, await transcripts.all(session.id)));
  }

  app.get("/:id/sessions", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const { status, limit, offset = 0 } = ListSessions.parse(context.req.query());
    const states = status === undefined ? undefined : (statesOf(status) ?? []);
    if (states?.length === 0) return context.json({ sessions: [], total: 0 });
    const { items, total } = await listSessions(store.db, { sandbox_id: sandbox.id, states, limit: MOST });
    const page = items.slice(offset, limit === undefined ? undefined : offset + limit);
    return context.json({ sessions: page.map((session) => sessionView(session)), total });
  });

  app.post("/:id/sessions", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const { agent_name, metadata } = await readJson(context, CreateSession);
    const session = await sessions.create(sandbox.id, { agent: agent_name, metadata });
    return context.json(sessionView(session), 201);
  });

  app.get("/:id/sessions/latest", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const { items } = await listSessions(store.db, { sandbox_id: sandbox.id, limit: 1 });
    if (!items[0]) throw new ApiError(404, "session_not_found", "This sandbox has no session yet.");
    return context.json(await withMessages(items[0]));
  });

  app.get("/:id/sessions/:session_id", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    return context.json(
      await withMessages(await sessionOf(services, sandbox, context.req.param("session_id"))),
    );
  });

  app.patch("/:id/sessions/:session_id", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const { id } = await sessionOf(services, sandbox, context.req.param("session_id"));
    const { status, metadata } = await readJson(context, UpdateSession);
    return context.json(sessionView(await sessions.patch(id, { state: status, metadata })));
  });

  app.post("/:id/agent-send", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const body = await readJson(context, AgentSend);
    const { session, is_new_session } = await chooseSession(services, sandbox, body);
    const message_id = await sendText(services, session.id, body.message, context.get("actor"));
    const { signal } = context.req.raw;
    const outcome = await awaitOutcome(services, session.id, message_id, signal);
    const { response, is_error, agent_session_id, usage } = outcome;
    return context.json({
      session_id: session.id,
      response,
      is_error,
      is_new_session,
      ...(agent_session_id === null ? {} : { agent_session_id }),
      ...(usage.cost_usd === undefined ? {} : { cost_usd: usage.cost_usd }),
    });
  });

  app.post("/:id/agent-send-jobs", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const body = await readJson(context, AgentSend);
    const { session, is_new_session } = await chooseSession(services, sandbox, body);
    const message_id = await sendText(services, session.id, body.message, context.get("actor"));
    // The job is the prompt: its id says where to look, so jobs outlive a restart without a table of their own.
    const job_id = `${session.id}.${message_id}`;
    return context.json({ ...(await jobView(job_id, session)), is_new_session }, 202);
  });

  app.get("/:id/agent-send-jobs/:job_id", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const job_id = context.req.param("job_id");
    const session = await getSession(store.db, job_id.split(".")[0] ?? "");
    if (session?.sandbox_id !== sandbox.id) {
      throw new ApiError(404, "job_not_found", `There is no job ${job_id} in this sandbox.`);
    }
    return context.json(await jobView(job_id, session));
  });

  async function jobView(job_id: string, session: Session) {
    const [, message_id = ""] = job_id.split(".");
    const outcome = await outcomeOf(services, session.id, message_id);
    const rows = await transcripts.all(session.id);
    const prompt = rows.find((row) => row.kind === "user" && row.message_id === message_id);
    return {
      job_id,
      state: outcome ? (outcome.is_error ? "failed" : "completed") : prompt ? "running" : "queued",
      ...(outcome?.agent_session_id ? { agent_session_id: outcome.agent_session_id } : {}),
      is_new_session: false,
      is_error: outcome?.is_error ?? false,
      ...(outcome ? { result_text: outcome.response } : {}),
      ...(outcome?.usage.cost_usd === undefined ? {} : { cost_usd: outcome.usage.cost_usd }),
      created_at: prompt?.at ?? session.updated_at,
      updated_at: session.updated_at,
    };
  }

  return app;
}
