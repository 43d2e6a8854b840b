import { BackendError } from "#src/backends/backend-error.ts";
import { withPatience } from "#src/backends/shared/follow.ts";
import type { HttpRequest } from "#src/backends/shared/http.ts";
import { readSse } from "#src/backends/shared/sse.ts";
import { type Api, sandboxPath } from "./api.ts";
import { errorWord, hasCode, isNoRoute } from "./errors.ts";
import type { SessionAddress } from "./transcript.ts";
import { Answer, StreamDelta, StreamError, StreamStatus } from "./wire.ts";

export type Prompt = { text: string; agent: string };

/** What comes while the agent works. */
export type Listener = {
  onText: (text: string, raw: unknown) => void;
  onStatus: (phase: string) => void;
  onJunk: (error: string, raw: string) => void;
};

/** How a send ended that was answered: with the agent's answer, or with the stream's own word of a failure. */
export type Sent = { kind: "answer"; answer: Answer; raw: unknown } | { kind: "failed"; error: string };

/**
 * Sends a prompt and resolves with its end, minutes later. It goes through the stream where there is one; a server
 * without it has done nothing by then, so the prompt is sent once.
 * @throws BackendError; `fateOf` tells what it says of the turn
 */
export async function sendPrompt(
  api: Api,
  address: SessionAddress,
  prompt: Prompt,
  listener: Listener,
): Promise<Sent> {
  const patience = { random: api.random, signal: address.signal };
  if (api.features.stream !== false) {
    const streamed = await withPatience(() => sendStreaming(api, address, prompt, listener), patience);
    if (streamed) return streamed;
  }
  return withPatience(() => sendAndWait(api, address, prompt), patience);
}

/** `POST agent-send` (spec 1.3): one answer when all is done. */
async function sendAndWait(
  { http, timing }: Api,
  { sandbox_ref, session_ref, signal, onExchange }: SessionAddress,
  { text, agent }: Prompt,
): Promise<Sent> {
  const path = sandboxPath(sandbox_ref, "/agent-send");
  const body = { message: text, session_id: session_ref, agent };
  const request: HttpRequest = { method: "POST", path, body, timeout_ms: timing.send_ms, signal, onExchange };
  const answer = await http.json(request, Answer);
  return { kind: "answer", answer, raw: answer };
}

/** `POST /agent-sessions/stream` (spec 1.5). Null: not for this server, or not for this session. */
async function sendStreaming(
  { http, timing, features }: Api,
  { sandbox_ref, session_ref, signal, onExchange }: SessionAddress,
  { text, agent }: Prompt,
  listener: Listener,
): Promise<Sent | null> {
  const body = { message: text, session_id: session_ref, sandbox_id: sandbox_ref, agent };
  const headers = { accept: "text/event-stream" };
  const path = "/agent-sessions/stream";
  const request: HttpRequest = { method: "POST", path, body, headers, signal, onExchange };
  let response: Response;
  try {
    response = await http.open({ ...request, timeout_ms: timing.send_ms });
  } catch (error) {
    if (isNoRoute(error)) {
      // An API that has chats may say so of the session alone.
      if (features.chats !== true || errorWord(error) === null) features.stream = false;
      return null;
    }
    // The chats do not have this session, but the sandbox does.
    if (hasCode(error, "not_found") && errorWord(error) === "session_not_found") return null;
    throw error;
  }
  features.stream = true;
  if (!response.body || !isEventStream(response)) return readWhole(response);
  return readTurn(response.body, timing.idle_ms, listener);
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.includes("text/event-stream") ?? false;
}

/** A server may answer at once what needs no stream, such as an agent that cannot log in. */
async function readWhole(response: Response): Promise<Sent> {
  const text = await response.text();
  const answer = parseAs(Answer, text);
  if (answer) return { kind: "answer", answer, raw: answer };
  throw new BackendError(
    "upstream_error",
    "Amika answered the prompt with something that is not an answer.",
    {
      details: { status: response.status },
    },
  );
}

async function readTurn(
  body: ReadableStream<Uint8Array>,
  idle_ms: number,
  { onText, onStatus, onJunk }: Listener,
): Promise<Sent> {
  let failure: string | null = null;
  try {
    for await (const frame of readSse(body, { idle_ms })) {
      if (frame.kind === "oversize") {
        onJunk(`An event over ${frame.limit} characters.`, "");
        continue;
      }
      const { event, data } = frame;
      const answer = event === "done" ? parseAs(Answer, data) : null;
      // It has the last word, also after an error.
      if (answer) return { kind: "answer", answer, raw: answer };
      const delta = event === "delta" ? parseAs(StreamDelta, data) : null;
      const status = event === "status" ? parseAs(StreamStatus, data) : null;
      const error = event === "error" ? parseAs(StreamError, data) : null;
      if (delta) onText(delta.text, delta);
      else if (status) onStatus(status.phase);
      else if (error) failure = error.error;
      else onJunk("An event that is not understood.", `${event ?? "message"}: ${data}`);
    }
  } catch (error) {
    if (failure === null) throw error;
  }
  if (failure !== null) return { kind: "failed", error: failure };
  // The server ends a stream after 300 s (spec 1.5); the turn goes on.
  throw new BackendError("unreachable", "The stream ended before the answer.");
}

function parseAs<T>(schema: { safeParse: (value: unknown) => { data?: T } }, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
