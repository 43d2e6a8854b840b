import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import type { Exchange, PermissionAnswer, SessionLink } from "#src/backends/backend.ts";
import { withPatience } from "#src/backends/shared/follow.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { SessionOption } from "#src/domain/agent.ts";
import { textOf } from "#src/domain/text.ts";
import { refine, refineReply } from "./errors.ts";
import { filePath } from "./files.ts";
import type { Flavour } from "./memory.ts";
import { hasPermissionMode, PERMISSION_MODE, permissionModeOption } from "./options.ts";
import { promptToWire } from "./prompt.ts";
import type { Reader } from "./reader.ts";
import { Ignored, type SessionInfo, WireMessage } from "./wire.ts";

export type LinkConfig = {
  http: Http;
  flavour: Flavour;
  random: () => number;
  /** What every call of this link carries. */
  own: { signal: AbortSignal; onExchange?: (exchange: Exchange) => void };
  /** `/sessions/{id}`. */
  path: string;
  sandbox_ref: string;
  reader: Reader;
  info: SessionInfo;
  options: SessionOption[];
  continued?: boolean;
  stop: () => void;
};

/** What an answer says to an agent whose API has no rejection of a question. */
const DECLINED = "The user declined to answer.";

/** An open session as the port wants it. */
export function createLink(config: LinkConfig): SessionLink {
  const { http, flavour, random, own, path, reader, info } = config;
  const isSandbar = flavour === "sandbar";

  async function post(below: string, body?: unknown): Promise<void> {
    try {
      await http.json({ method: "POST", path: path + below, body, ...own }, Ignored);
    } catch (error) {
      throw refine(error);
    }
  }

  async function reply(below: string, body?: unknown): Promise<void> {
    try {
      await http.json({ method: "POST", path: path + below, body, ...own }, Ignored);
    } catch (error) {
      throw refineReply(error);
    }
  }

  async function patch(body: unknown): Promise<void> {
    await http.json({ method: "PATCH", path, body, ...own }, Ignored);
  }

  async function upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const at = `/tmp/sandbar/${crypto.randomUUID()}/${name.replaceAll(/[/\\]/g, "_")}`;
    const raw = { bytes, content_type: "application/octet-stream" };
    await http.bytes({ method: "PUT", path: filePath(config.sandbox_ref, at), raw, signal: own.signal });
    return at;
  }

  /** The first server answers at once, the documented one when the turn is over: its time says nothing (spec 7). */
  function send(content: unknown): Promise<WireMessage> {
    const request = {
      method: "POST" as const,
      path: `${path}/messages`,
      headers: { prefer: "respond-async" },
      body: { role: "user", content },
      timeout_ms: null,
      ...own,
    };
    return withPatience(() => http.json(request, WireMessage), { random, signal: own.signal });
  }

  const link: SessionLink = {
    ref: info.id,
    ...(config.continued !== undefined && { continued: config.continued }),
    title: info.title ?? null,
    options: config.options,
    commands: info.commands ?? [],
    async prompt(content) {
      const blocks = await promptToWire(content, flavour, upload);
      const { turn, sign } = reader.beginTurn(textOf(content));
      const posted = send(blocks).then((message) => {
        if (message.role === "assistant") reader.answered(turn, message);
      });
      try {
        // Once the stream speaks of the turn, a POST that breaks off changes nothing.
        await Promise.race([posted, sign]);
      } catch (error) {
        reader.dropTurn(turn);
        throw refine(error);
      }
      posted.catch((error: unknown) => reader.postFailed(turn, error));
    },
    async interrupt() {
      const { turn } = reader.memory;
      // The turn's end may overtake the answer of this call.
      if (turn) turn.interrupted = true;
      await post("/interrupt");
      reader.hintEnd("sure");
    },
    replyPermission: (request_id, answer) =>
      reply(
        `/permissions/${encodeURIComponent(request_id)}/respond`,
        isSandbar ? richAnswer(answer) : { approved: answer.reply !== "reject" },
      ),
    async replyQuestion(request_id, answers) {
      const below = `/user-input/${encodeURIComponent(request_id)}`;
      if (!isSandbar) return reply(`${below}/respond`, { answer: answers ? plainAnswer(answers) : DECLINED });
      return answers ? reply(`${below}/respond`, { answers }) : reply(`${below}/reject`);
    },
    async setOption(id, value) {
      if (isSandbar) {
        const request = { method: "POST" as const, path: `${path}/options`, body: { id, value }, ...own };
        return http.json(request, z.array(SessionOption));
      }
      if (id !== PERMISSION_MODE || typeof value !== "string") throw noOption(id);
      const body = { mode: value };
      const request = { method: "POST" as const, path: `${path}/permissions`, body, ...own };
      if (!(await hasPermissionMode(http.json(request, Ignored)))) throw noOption(id);
      return [permissionModeOption(value)];
    },
    async close(how) {
      try {
        if (how === "end" && isSandbar) await patch({ state: "completed" });
        else if (how === "end" && reader.memory.turn) await post("/interrupt");
      } finally {
        reader.stop();
        config.stop();
      }
    },
  };
  if (!isSandbar) return link;
  return {
    ...link,
    setTitle: (title) => patch({ title }),
    setMetadata: (metadata) => patch({ metadata }),
  };
}

function richAnswer({ reply, option_id, message }: PermissionAnswer) {
  return { reply, ...(message !== null && { message }), ...(option_id !== null && { option_id }) };
}

/** One text for all questions: a line each. */
function plainAnswer(answers: readonly (readonly string[])[]): string {
  return answers.map((labels) => labels.join(", ")).join("\n");
}

function noOption(id: string): BackendError {
  return new BackendError(
    "unsupported",
    `This server cannot change "${id}" of a running session. Start a new session to choose it.`,
  );
}
