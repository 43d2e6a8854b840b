import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
// oxlint-disable-next-line no-restricted-imports -- the pace of a model that streams, which no test waits for
import { setTimeout as pause } from "node:timers/promises";
import { type Asked, replyTo } from "./script.ts";
import { chatWire } from "./wire-chat.ts";
import { messagesWire } from "./wire-messages.ts";
import { responsesWire } from "./wire-responses.ts";
import type { Wire } from "./wire.ts";

const WIRES: readonly Wire[] = [chatWire, messagesWire, responsesWire];

/** A scripted model on loopback that speaks the wires of OpenCode, Claude Code and Codex. */
export type ModelServer = {
  url: string;
  /** What it was asked, oldest first. */
  asked: readonly Asked[];
  /** What of it was answered to the last word. */
  answered: readonly Asked[];
  /** Requests it had no answer for, such as `GET /v1/models`. */
  unanswered: readonly string[];
  close(): Promise<void>;
};

export async function startModelServer(): Promise<ModelServer> {
  const asked: Asked[] = [];
  const unanswered: string[] = [];
  const answered: Asked[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://model");
    const wire = request.method === "POST" && WIRES.find(({ path }) => path === pathname);
    if (!wire) {
      unanswered.push(`${request.method} ${pathname}`);
      response.writeHead(404, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ error: { type: "not_found_error", message: "the script has no such route" } }),
      );
      return;
    }
    const question = wire.ask(await json(request));
    asked.push(question);
    const reply = replyTo(question);
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const { event, data } of wire.frames(reply, question)) {
      if (response.destroyed) return;
      const line = typeof data === "string" ? data : JSON.stringify(data);
      response.write(`${event ? `event: ${event}\n` : ""}data: ${line}\n\n`);
      if (reply.pace_ms) await pause(reply.pace_ms);
    }
    response.end();
    answered.push(question);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      unanswered.push(`${request.method} ${request.url}: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // A TCP server's address is never a string.
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    unanswered,
    answered,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
