import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { LOCAL_ID } from "../../backends/local-id.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { messagesOf } from "../../sessions/messages.ts";
import { getSession, listSessions } from "../../store/sessions.ts";
import { localSandbox } from "../local-sandboxes.ts";
import { readJson } from "../read-json.ts";
import { specOf } from "./create.ts";
import { chatMessage, chatView } from "./session-view.ts";
import { awaitOutcome, type Chosen, chooseSession, type Outcome, sendText } from "./send.ts";
import { streamText } from "./stream-text.ts";
import { type ChatSend, ChatSend as ChatSendSchema, CreateSandbox, ListChats } from "./wire.ts";

const HEARTBEAT_MS = 15_000;

/** Chats of every sandbox (spec 1.5). */
export function chatRoutes(services: Services): Hono<AppEnv> {
  const { fleet, store, sessions, transcripts, auth, logger } = services;
  const app = new Hono<AppEnv>();

  /** Where the chat's sandbox is; null when it has none yet. @throws ApiError 404 for one that is not known */
  async function sandboxOf(body: ChatSend): Promise<Sandbox | null> {
    if (body.session_id !== undefined) {
      const session = await getSession(store.db, body.session_id);
      if (session?.backend_id !== LOCAL_ID)
        throw new ApiError(404, "session_not_found", `There is no session ${body.session_id}.`);
      return fleet.read(session.sandbox_id);
    }
    return body.sandbox_id === undefined ? null : localSandbox(services, body.sandbox_id);
  }

  async function createSandbox(body: ChatSend): Promise<Sandbox> {
    const spec = specOf(CreateSandbox.parse({ repo_url: body.repo_url, agent: body.agent }), []);
    const { row, done } = await fleet.create(spec);
    await done;
    const sandbox = await fleet.read(row.id);
    if (sandbox.state === "running") return sandbox;
    throw new ApiError(502, "provisioning_failed", sandbox.state_detail ?? "The sandbox could not be made.");
  }

  function choose(body: ChatSend, sandbox: Sandbox): Promise<Chosen> {
    return chooseSession(services, sandbox, body, {
      ...(body.model ? { model: body.model } : {}),
      ...(body.effort ? { thought_level: body.effort } : {}),
    });
  }

  function answer(
    { session, is_new_session }: Chosen,
    { response, is_error, usage }: Outcome,
    created_sandbox: boolean,
  ) {
    return {
      session_id: session.id,
      sandbox_id: session.sandbox_id,
      agent: session.agent,
      response,
      is_error,
      is_new_session,
      created_sandbox,
      usage,
    };
  }

  app.post("/", async (context) => {
    const body = await readJson(context, ChatSendSchema);
    const known = await sandboxOf(body);
    const chosen = await choose(body, known ?? (await createSandbox(body)));
    const message_id = await sendText(services, chosen.session.id, body.message, context.get("actor"));
    const outcome = await awaitOutcome(services, chosen.session.id, message_id, context.req.raw.signal);
    return context.json(answer(chosen, outcome, known === null));
  });

  app.post("/stream", async (context) => {
    const body = await readJson(context, ChatSendSchema);
    const known = await sandboxOf(body);
    const actor = context.get("actor");
    const signal = AbortSignal.any([context.req.raw.signal, auth.endOf(context.get("credential_id"))]);
    return streamSSE(context, async (stream) => {
      const say = (event: string, data: unknown) => stream.writeSSE({ event, data: JSON.stringify(data) });
      const heartbeat = setInterval(() => void stream.write(": heartbeat\n\n"), HEARTBEAT_MS);
      try {
        if (!known) await say("status", { phase: "creating_sandbox" });
        const sandbox = known ?? (await createSandbox(body));
        await say("status", { phase: "sandbox_ready", sandbox_id: sandbox.id });
        const chosen = await choose(body, sandbox);
        const outcome = await streamText(
          services,
          { session_id: chosen.session.id, message: body.message, actor, signal },
          (text) => say("delta", { text }),
        );
        await say("done", answer(chosen, outcome, known === null));
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Error)) throw error;
        logger.info({ error }, "a chat ended early");
        await say("error", { error: error.message });
      } finally {
        clearInterval(heartbeat);
      }
    });
  });

  app.get("/", async (context) => {
    const { limit, sandbox } = ListChats.parse(context.req.query());
    const sandbox_id = sandbox === undefined ? undefined : (await localSandbox(services, sandbox)).id;
    const { items, total } = await listSessions(store.db, { backend_id: LOCAL_ID, sandbox_id, limit });
    return context.json({ sessions: items.map(chatView), total });
  });

  app.get("/:session_id", async (context) => {
    const session = await sessions.read(context.req.param("session_id"));
    if (session.backend_id !== LOCAL_ID)
      throw new ApiError(404, "session_not_found", "There is no such session.");
    const messages = messagesOf(session.id, await transcripts.all(session.id)).map(chatMessage);
    return context.json({ ...chatView(session), messages });
  });

  return app;
}
