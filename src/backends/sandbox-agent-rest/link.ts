import { BackendError } from "#src/backends/backend-error.ts";
import type { SessionLink } from "#src/backends/backend.ts";
import { withPatience } from "#src/backends/shared/follow.ts";
import type { Http, HttpRequest } from "#src/backends/shared/http.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import { promptToWire } from "./attachments.ts";
import { isNoRoute, refine } from "./errors.ts";
import type { EventSource } from "./follow.ts";
import type { Features } from "./open.ts";
import type { Reader } from "./reader.ts";
import { FileWritten, Ignored } from "./wire.ts";

export type LinkConfig = {
  http: Http;
  random: () => number;
  features: Features;
  source: EventSource;
  reader: Reader;
  options: SessionOption[];
  title: string | null;
  continued?: boolean;
  stop: () => void;
};

export const NO_INTERRUPT = "Sandbox Agent 0.1 cannot stop a turn: wait for its end, or end the session.";

/** An open session as the port wants it. */
export function createLink(config: LinkConfig): SessionLink {
  const { http, features, source, reader, options } = config;
  const { signal, onExchange } = source;
  const base = `/v1/sessions/${encodeURIComponent(source.session_id)}`;

  /** One POST below the session, with errors in the port's words. */
  async function post(path: string, body?: unknown): Promise<void> {
    const request: HttpRequest = { method: "POST", path: base + path, body, signal, onExchange };
    try {
      await withPatience(() => http.json(request, Ignored), { random: config.random, signal });
    } catch (error) {
      throw refine(error);
    }
  }

  /** Relative to the folder the session works in, where its agent may read. */
  async function upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const path = `.sandbar/attachments/${crypto.randomUUID()}/${name.replaceAll(/[/\\]/g, "_")}`;
    const query = { path, sessionId: source.session_id };
    const raw = { bytes, content_type: "application/octet-stream" };
    try {
      const written = await http.json(
        { method: "PUT", path: "/v1/fs/file", query, raw, signal },
        FileWritten,
      );
      return written.path;
    } catch (error) {
      if (!isNoRoute(error)) throw refine(error);
      features.files = false;
      throw new BackendError(
        "unsupported",
        "This server is older than 0.1.11 and takes no files. Put the text into the message.",
        { cause: error },
      );
    }
  }

  return {
    ref: source.session_id,
    ...(config.continued !== undefined && { continued: config.continued }),
    title: config.title,
    options,
    commands: [],
    async prompt(content) {
      const body = await promptToWire(content, upload);
      const turn = reader.beginTurn(body.message);
      try {
        await post("/messages", body);
      } catch (error) {
        reader.dropTurn(turn);
        throw error;
      }
    },
    async interrupt() {
      if (features.abort === false) throw new BackendError("unsupported", NO_INTERRUPT);
      const { turn } = reader.memory;
      // The turn's end may overtake the answer of this call.
      if (turn) turn.aborted = true;
      try {
        await post("/abort");
        features.abort = true;
      } catch (error) {
        if (turn) turn.aborted = false;
        if (!isNoRoute(error)) throw error;
        features.abort = false;
        throw new BackendError("unsupported", NO_INTERRUPT, { cause: error });
      }
    },
    async replyPermission(request_id, { reply, option_id }) {
      await post(`/permissions/${encodeURIComponent(request_id)}/reply`, { reply: option_id ?? reply });
    },
    async replyQuestion(request_id, answers) {
      const path = `/questions/${encodeURIComponent(request_id)}`;
      await (answers === null ? post(`${path}/reject`) : post(`${path}/reply`, { answers }));
    },
    setOption: () =>
      Promise.reject(
        new BackendError(
          "unsupported",
          "This server fixes mode, model and permissions when a session starts. Start a new session to change them.",
        ),
      ),
    async close(how) {
      try {
        if (how === "end") await post("/terminate");
      } finally {
        config.stop();
      }
    },
  };
}
