import { BackendError } from "#src/backends/backend-error.ts";
import type { Exchange } from "#src/backends/backend.ts";
import { type KeptStream, withPatience } from "#src/backends/shared/follow.ts";
import type { Http } from "#src/backends/shared/http.ts";
import type { Backoff } from "#src/lib/backoff.ts";
import { isForgotten, isVerdict } from "./errors.ts";
import { type Frame, followFrames } from "./frames.ts";
import { Ignored, type RpcError, type RpcId, RpcMessage } from "./wire.ts";

/** How a request of ours ended. `frame` is where in the stream, when it ended there. */
export type RpcOutcome =
  | { kind: "result"; result: unknown; message: RpcMessage; frame: Frame | null }
  | { kind: "error"; error: RpcError; message: RpcMessage; frame: Frame | null }
  | { kind: "failed"; error: BackendError };

export type RpcTiming = {
  /** How long an error waits for its copy in the POST's body, which alone has the agent's stderr. */
  stderr_grace_ms: number;
  /**
   * How long a response in the POST's body waits for its copy in the stream, which ends the turn in order. Then the stream
   * is read again, and it waits as long once more.
   */
  stream_grace_ms: number;
  /** How long an agent may be silent after a prompt whose POST broke off, before the prompt counts as lost. */
  lost_ms: number;
  /** A stream silent for this long is dead; the server sends a heartbeat every 15 s. */
  idle_ms: number;
  /** How often in a row the stream is opened again before the link is given up. */
  max_attempts: number;
  backoff: Backoff;
};

export const defaultTiming: RpcTiming = {
  stderr_grace_ms: 500,
  stream_grace_ms: 5_000,
  lost_ms: 5 * 60_000,
  idle_ms: 45_000,
  max_attempts: 12,
  backoff: { base_ms: 250, max_ms: 15_000 },
};

export type RpcConfig = {
  http: Http;
  /** The instance: one agent process. Chosen by the client. */
  server_id: string;
  random: () => number;
  timing: RpcTiming;
  /** Requests and notifications of the agent, and responses that nobody here waits for. */
  onMessage: (message: RpcMessage, frame: Frame) => void;
  /** A frame that is no JSON-RPC, or too long. */
  onJunk: (error: string, raw: string) => void;
  /** Messages that the server dropped and can no longer give. */
  onGap: (missed: number) => void;
  /** The stream is gone for good. Every open request fails with the same error right after. */
  onDead: (error: BackendError) => void;
  /** The stream broke and is opened again. */
  onBroken?: (() => void) | undefined;
  onExchange?: (exchange: Exchange) => void;
};

type SendOptions = {
  /** Only the stream, or proof that the request never arrived, ends it: a turn takes hours and outlives its POST. */
  patient?: boolean;
  timeout_ms?: number | null;
};

/** JSON-RPC with one agent process: requests by POST, everything from the agent by one event stream (spec 3.1, 3.4). */
export type Rpc = {
  /** Makes the instance: the one request that is answered by its POST, as there is no stream before it. */
  start(agent: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  /** Opens the stream: from the start of the ring, which for a new instance is everything. */
  follow(since: number | null): void;
  /** Sends a request; `settle` is called once, in the order of the stream. */
  send(method: string, params: unknown, settle: (outcome: RpcOutcome) => void, options?: SendOptions): void;
  notify(method: string, params: unknown): Promise<void>;
  /** Answers a request of the agent, under its id in its own JSON type. */
  respond(id: RpcId, answer: { result: unknown } | { error: RpcError }): Promise<void>;
  /** The agent is at work: what was sent to it has arrived, though its POST may have broken off. */
  alive(): void;
  /** Fails every open request: nothing more will come. */
  failAll(error: BackendError): void;
  /** Stops reading and drops open POSTs; the agent goes on. */
  stop(): void;
  /** Ends the agent process. The server never answers while it lives (spec 3.6), so this does not wait for long. */
  remove(): Promise<void>;
};

type Pending = {
  settle: (outcome: RpcOutcome) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** The error in the POST's body, with the agent's stderr. */
  posted: RpcError | null;
  /** The same error in the stream, with its place. */
  streamed: { message: RpcMessage; frame: Frame } | null;
  /** `broken`: its POST broke off, and it is given up unless the agent shows that it arrived. */
  arrival: "unknown" | "broken" | "sure";
};

const DELETE_MS = 1_000;
const LOST =
  "The connection broke while the message was sent, and the agent has shown nothing since. It may not have got the message: look what it did, then send it again.";

export function createRpc(config: RpcConfig): Rpc {
  const { http, timing } = config;
  const path = `/v1/acp/${encodeURIComponent(config.server_id)}`;
  const abort = new AbortController();
  const pending = new Map<RpcId, Pending>();
  /** Requests that ended before their copy came by the stream; it is still to come, and is no news then. */
  const uncopied = new Set<RpcId>();
  let stream: KeptStream | null = null;

  function post(
    body: unknown,
    { timeout_ms = 60_000, query = {} }: { timeout_ms?: number | null; query?: Record<string, string> },
  ) {
    const { signal } = abort;
    const request = {
      method: "POST",
      path,
      query,
      body,
      timeout_ms,
      signal,
      onExchange: config.onExchange,
    } as const;
    return withPatience(() => http.json(request, Ignored), { random: config.random, signal });
  }

  function settle(id: RpcId, outcome: RpcOutcome): void {
    const entry = pending.get(id);
    if (!entry) return;
    pending.delete(id);
    clearTimeout(entry.timer);
    if (outcome.kind === "failed" || !outcome.frame) uncopied.add(id);
    entry.settle(outcome);
  }

  function later(entry: Pending, ms: number, run: () => void): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(run, ms);
  }

  /** The stream may be slow, or silent without being broken: what it still has belongs before the end. */
  function settleAfterStream(id: RpcId, entry: Pending, outcome: RpcOutcome): void {
    later(entry, timing.stream_grace_ms, () => {
      stream?.reopen();
      later(entry, timing.stream_grace_ms, () => settle(id, outcome));
    });
  }

  /** Nothing proves that the request arrived, and nothing that it did not. */
  function onBroken(id: RpcId, cause: BackendError): void {
    const entry = pending.get(id);
    if (!entry || entry.arrival === "sure") return;
    entry.arrival = "broken";
    const error = new BackendError("unreachable", LOST, { cause });
    later(entry, timing.lost_ms, () => settle(id, { kind: "failed", error }));
  }

  /** The copy of a response in the stream. A result ends the request; an error first waits for the agent's stderr. */
  function onStreamed(id: RpcId, entry: Pending, message: RpcMessage, frame: Frame): void {
    const { error } = message;
    if (!error) {
      settle(id, { kind: "result", result: message.result, message, frame });
      return;
    }
    entry.streamed = { message, frame };
    settleError(id, entry);
  }

  /** The copy of a response in the POST's body: it ends the request only when the stream's copy stays away. */
  function onPosted(id: RpcId, body: unknown): void {
    const entry = pending.get(id);
    const message = RpcMessage.safeParse(body).data;
    if (!entry || !message || message.id !== id) return;
    if (message.error) {
      entry.posted = message.error;
      settleError(id, entry);
    } else {
      settleAfterStream(id, entry, { kind: "result", result: message.result, message, frame: null });
    }
  }

  function settleError(id: RpcId, entry: Pending): void {
    const { posted, streamed } = entry;
    const error = posted ?? streamed?.message.error;
    if (!error) return;
    const message: RpcMessage = { ...streamed?.message, id, error };
    const outcome: RpcOutcome = { kind: "error", error, message, frame: streamed?.frame ?? null };
    if (posted && streamed) settle(id, outcome);
    else if (posted) settleAfterStream(id, entry, outcome);
    else later(entry, timing.stderr_grace_ms, () => settle(id, outcome));
  }

  function onFrame(frame: Frame): void {
    const message = parseMessage(frame.data);
    if (!message) {
      config.onJunk("A message that is not JSON-RPC.", frame.data);
      return;
    }
    const answered = message.method === undefined ? (message.id ?? null) : null;
    const entry = answered === null ? undefined : pending.get(answered);
    if (answered !== null && entry) onStreamed(answered, entry, message, frame);
    else if (answered === null || !uncopied.delete(answered)) config.onMessage(message, frame);
  }

  function lose(error: BackendError): void {
    config.onDead(error);
    failAll(error);
  }

  function failAll(error: BackendError): void {
    for (const id of pending.keys()) settle(id, { kind: "failed", error });
  }

  return {
    async start(agent, params, signal) {
      const stop = (): void => abort.abort(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      try {
        const id = `initialize:${crypto.randomUUID()}`;
        uncopied.add(id);
        const body = { jsonrpc: "2.0", id, method: "initialize", params };
        return await post(body, { timeout_ms: 120_000, query: { agent } });
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    follow(since) {
      const place = { http, path, since, random: config.random, timing, signal: abort.signal };
      stream = followFrames(place, {
        onFrame,
        onGap: config.onGap,
        onOversize: (limit) => config.onJunk(`A message over ${limit} characters.`, ""),
        onBroken: config.onBroken,
      });
      stream.lost.catch((error: BackendError) => {
        if (abort.signal.aborted) return;
        lose(error);
      });
    },
    send(method, params, onSettled, { patient = false, timeout_ms = 60_000 } = {}) {
      const id = `${method}:${crypto.randomUUID()}`;
      pending.set(id, {
        settle: onSettled,
        timer: undefined,
        posted: null,
        streamed: null,
        arrival: "unknown",
      });
      post({ jsonrpc: "2.0", id, method, params }, { timeout_ms: patient ? null : timeout_ms }).then(
        (body) => onPosted(id, body),
        (error: BackendError) => {
          // The stream would find it out, too, but only when it is opened again.
          if (isForgotten(error)) lose(error);
          else if (!patient || isVerdict(error)) settle(id, { kind: "failed", error });
          else onBroken(id, error);
        },
      );
    },
    alive() {
      for (const entry of pending.values()) {
        if (entry.arrival === "broken") clearTimeout(entry.timer);
        entry.arrival = "sure";
      }
    },
    async notify(method, params) {
      await post({ jsonrpc: "2.0", method, params }, {});
    },
    async respond(id, answer) {
      await post({ jsonrpc: "2.0", id, ...answer }, {});
    },
    failAll,
    stop() {
      abort.abort(new BackendError("invalid_state", "The link to this session is closed."));
      failAll(new BackendError("invalid_state", "The link to this session is closed."));
    },
    async remove() {
      await removeInstance(http, config.server_id);
    },
  };
}

/** DELETE with a short abort. Its answer says nothing: it never comes while the agent lives. */
export async function removeInstance(http: Http, server_id: string): Promise<void> {
  const path = `/v1/acp/${encodeURIComponent(server_id)}`;
  await http.bytes({ method: "DELETE", path, timeout_ms: DELETE_MS }).catch(() => undefined);
}

function parseMessage(data: string): RpcMessage | null {
  try {
    return RpcMessage.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
