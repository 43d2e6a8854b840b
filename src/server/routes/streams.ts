import type { EventFilter } from "../events/filter.ts";
import { openStream, streamHeaders } from "../events/stream.ts";
import { handlers, type Input } from "../http/mount.ts";
import { parseWords } from "./query.ts";
import type { Services } from "./services.ts";

type StreamKey = "GET /stream" | "GET /sessions/{session_id}/stream" | "GET /sandboxes/{sandbox_id}/stream";

const decimal = /^\d{1,19}$/;

export function streamHandlers({ hub, auth, sessions, fleet }: Services) {
  function stream(
    { query, header, signal, context }: Pick<Input<StreamKey>, "query" | "header" | "signal" | "context">,
    filter: EventFilter,
  ): Response {
    const asked = query.after ?? query.last_event_id ?? header("last-event-id") ?? null;
    const body = openStream({
      hub,
      filter,
      // A cursor that is none of ours is unknown, not absent: the reader answers it with a gap.
      after: asked === null || decimal.test(asked) ? asked : String(Number.MAX_SAFE_INTEGER),
      signals: [signal, auth.endOf(context.get("credential_id"))],
    });
    return new Response(body, { headers: streamHeaders });
  }

  return handlers({
    "GET /stream": (input) =>
      stream(input, { kind: "browser", session_ids: parseWords(input.query.sessions) ?? [] }),
    "GET /sessions/{session_id}/stream": async (input) => {
      const { id, sandbox_id } = await sessions.read(input.params.session_id);
      return stream(input, { kind: "session", session_id: id, sandbox_id });
    },
    "GET /sandboxes/{sandbox_id}/stream": async (input) => {
      const { id } = await fleet.read(input.params.sandbox_id);
      return stream(input, { kind: "sandbox", sandbox_id: id });
    },
  });
}
