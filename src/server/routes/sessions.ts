import type { SessionOption } from "#src/domain/agent.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { ApiError } from "../errors.ts";
import { handlers, reply } from "../http/mount.ts";
import { messagesOf } from "../sessions/messages.ts";
import { permissionMode } from "../sessions/permission-mode.ts";
import { promptText } from "../sessions/summary.ts";
import { listSessions } from "../store/sessions.ts";
import { parsePairs, parseWords } from "./query.ts";
import type { Services } from "./services.ts";

const EVENTS_PER_PAGE = 1_000;

export function sessionHandlers({ sessions, transcripts, exchanges, fleet, hub, store, registry }: Services) {
  type ListQuery = {
    backend?: string;
    sandbox?: string;
    state?: string;
    q?: string;
    label?: string;
    archived?: boolean;
    limit?: number;
    cursor?: string;
    page?: boolean;
  };
  const list = async (query: ListQuery) => {
    const page = await listSessions(store.db, {
      backend_id: query.backend,
      sandbox_id: query.sandbox,
      states: parseWords(query.state),
      labels: parsePairs(query.label),
      q: query.q,
      archived: query.archived ?? false,
      limit: query.limit ?? (query.page ? 100 : 1000),
      cursor: query.cursor,
    });
    return query.page ? page : page.items;
  };

  return handlers({
    "GET /sessions": async ({ query }) => reply("GET /sessions", 200, await list(query)),
    "GET /sandboxes/{sandbox_id}/sessions": async ({ params, query }) => {
      const sandbox = await fleet.read(params.sandbox_id);
      return reply(
        "GET /sandboxes/{sandbox_id}/sessions",
        200,
        await list({ ...query, sandbox: sandbox.id }),
      );
    },
    "POST /sandboxes/{sandbox_id}/sessions": async ({ params, body }) => {
      const sandbox = await fleet.read(params.sandbox_id);
      return reply("POST /sandboxes/{sandbox_id}/sessions", 201, await sessions.create(sandbox.id, body));
    },
    "GET /sessions/{session_id}": async ({ params, query }) => {
      const session = await sessions.read(params.session_id);
      if (query.messages === false) return reply("GET /sessions/{session_id}", 200, session);
      const messages = messagesOf(session.id, await transcripts.all(session.id));
      return reply("GET /sessions/{session_id}", 200, { ...session, messages });
    },
    "PATCH /sessions/{session_id}": async ({ params, body }) =>
      reply("PATCH /sessions/{session_id}", 200, await sessions.patch(params.session_id, body)),
    "POST /sessions/{session_id}/options": async ({ params, body }) =>
      reply(
        "POST /sessions/{session_id}/options",
        200,
        await sessions.setOption(params.session_id, body.id, body.value),
      ),
    "POST /sessions/{session_id}/permissions": async ({ params, body }) => {
      if (body.always_allow.length + body.always_require_approval.length > 0) {
        throw new ApiError(400, "unsupported", "These agents take a mode, and no list of tools beside it.");
      }
      const session = await sessions.read(params.session_id);
      const wanted = permissionMode(session.options, body.mode);
      if (!wanted) throw new ApiError(400, "unsupported", modesSentence(session.options, body.mode));
      await sessions.setOption(session.id, wanted.id, wanted.value);
      return reply("POST /sessions/{session_id}/permissions", 200, { status: "ok", mode: body.mode });
    },
    "POST /sessions/{session_id}/skills": async ({ params, body }) => {
      const { id, metadata } = await sessions.read(params.session_id);
      await sessions.patch(id, { metadata: { ...metadata, ...body } });
      return reply("POST /sessions/{session_id}/skills", 200, { status: "ok", ...body });
    },
    "POST /sessions/{session_id}/messages": async ({ params, body, actor, header, signal }) => {
      const content: ContentBlock[] =
        "message" in body ? [{ type: "text", text: body.message }] : body.content;
      checkAttachments(
        content,
        registry.adapter((await sessions.read(params.session_id)).backend_id).capabilities.sessions,
      );
      const wait = !/(^|[\s,;])respond-async($|[\s,;])/i.test(header("prefer") ?? "");
      const sent = await sessions.send(params.session_id, content, actor);
      if (wait) {
        const message = await transcripts.answer(params.session_id, sent.message_id, signal);
        return reply("POST /sessions/{session_id}/messages", 200, message);
      }
      const timestamp = new Date().toISOString();
      const message = {
        id: sent.message_id,
        session_id: params.session_id,
        role: "user",
        content,
        timestamp,
      };
      return reply("POST /sessions/{session_id}/messages", 202, message);
    },
    "POST /sessions/{session_id}/interrupt": async ({ params, actor }) => {
      await sessions.interrupt(params.session_id, actor);
      return reply("POST /sessions/{session_id}/interrupt", 200, { status: "interrupted" });
    },
    "GET /sessions/{session_id}/queue": async ({ params }) => {
      const session = await sessions.read(params.session_id);
      const waiting = await sessions.queue.list(session.id);
      return reply("GET /sessions/{session_id}/queue", 200, {
        messages: waiting.map(({ id, content, queued_at }) => ({
          id,
          session_id: session.id,
          role: "user",
          content,
          prompt_text: promptText(content),
          queued_at,
        })),
        processing: session.turn_started_at !== null,
        queue_length: waiting.length,
      });
    },
    "DELETE /sessions/{session_id}/queue/{message_id}": async ({ params }) => {
      const session = await sessions.read(params.session_id);
      const { content, left } = await sessions.queue.remove(session, params.message_id);
      return reply("DELETE /sessions/{session_id}/queue/{message_id}", 200, {
        status: content ? "cancelled" : "not_found",
        queue_length: left,
        content,
      });
    },
    "GET /sessions/{session_id}/events": async ({ params, query }) => {
      const session = await sessions.read(params.session_id);
      const limit = query.limit ?? EVENTS_PER_PAGE;
      const filter = { kind: "session", session_id: session.id, sandbox_id: null } as const;
      const wanted = { filter, after: Number(query.after ?? 0), limit };
      const items = query.raw ? await hub.readRaw(wanted) : await hub.read(wanted);
      const next_cursor = items.length === limit ? (items.at(-1)?.id ?? null) : null;
      return reply("GET /sessions/{session_id}/events", 200, { items, next_cursor });
    },
    "GET /sessions/{session_id}/exchanges": async ({ params }) => {
      const session = await sessions.read(params.session_id);
      return reply("GET /sessions/{session_id}/exchanges", 200, exchanges.of(session.id));
    },
  });
}

function modesSentence(options: readonly SessionOption[], mode: string): string {
  const offered = options.find(({ category }) => category === "mode")?.choices.map(({ value }) => value);
  return offered
    ? `This agent offers no mode like ${mode}; it offers ${offered.join(", ")}.`
    : "This agent has no modes; answer its requests instead.";
}

/** Refuses what the backend could not take, before the message is in the log. */
function checkAttachments(
  content: readonly ContentBlock[],
  { attachments, max_attachment_bytes }: { attachments: readonly string[]; max_attachment_bytes: number },
): void {
  for (const block of content) {
    if (block.type !== "image" && block.type !== "file") continue;
    if (!attachments.includes(block.type)) {
      throw new ApiError(400, "unsupported", `This backend takes no ${block.type} attachments.`);
    }
    const bytes = Math.floor(((block.data?.length ?? 0) * 3) / 4);
    if (bytes > max_attachment_bytes) {
      const limit = `${(max_attachment_bytes / 1_000_000).toFixed(1)} MB`;
      throw new ApiError(413, "attachment_too_large", `An attachment may have up to ${limit} here.`);
    }
  }
}
