import type { PermissionAnswer } from "#src/backends/backend.ts";
import { handlers, reply } from "../http/mount.ts";
import { answerPermission, answerQuestion } from "../sessions/answers.ts";
import { listRequests } from "../store/requests.ts";
import { parseWords } from "./query.ts";
import type { Services } from "./services.ts";

export function requestHandlers({ sessions, store }: Services) {
  return handlers({
    "GET /requests": async ({ query }) => {
      const { session: session_id, recent } = query;
      const states = parseWords(query.state) ?? (recent === undefined ? ["pending"] : undefined);
      const items = await listRequests(store.db, { states, session_id, recent });
      return reply("GET /requests", 200, { items });
    },
    "GET /sessions/{session_id}/pending": async ({ params }) => {
      const session = await sessions.read(params.session_id);
      const items = await listRequests(store.db, { states: ["pending"], session_id: session.id });
      return reply("GET /sessions/{session_id}/pending", 200, { items });
    },
    "POST /sessions/{session_id}/permissions/{request_id}/respond": async ({ params, body, actor }) => {
      const answer: PermissionAnswer =
        "approved" in body
          ? { reply: body.approved ? "once" : "reject", option_id: null, message: null }
          : { reply: body.reply, option_id: body.option_id ?? null, message: body.message ?? null };
      await answerPermission({ sessions, db: store.db }, params, answer, actor);
      return reply("POST /sessions/{session_id}/permissions/{request_id}/respond", 200, {
        status: "ok",
        approved: answer.reply !== "reject",
      });
    },
    "POST /sessions/{session_id}/user-input/{request_id}/respond": async ({ params, body, actor }) => {
      const answers = "answer" in body ? [[body.answer]] : body.answers;
      await answerQuestion({ sessions, db: store.db }, params, answers, actor);
      return reply("POST /sessions/{session_id}/user-input/{request_id}/respond", 200, { status: "ok" });
    },
    "POST /sessions/{session_id}/user-input/{request_id}/reject": async ({ params, actor }) => {
      await answerQuestion({ sessions, db: store.db }, params, null, actor);
      return reply("POST /sessions/{session_id}/user-input/{request_id}/reject", 200, { status: "ok" });
    },
  });
}
