import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that arrived; `body` is parsed JSON where it is JSON. */
export type FakeCall = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: unknown;
  bytes: Uint8Array;
};

/** Which calls: those whose `METHOD /path` matches, or for which it holds. */
export type Match = RegExp | ((call: FakeCall) => boolean);

export function matches(match: Match, call: FakeCall): boolean {
  return typeof match === "function" ? match(call) : match.test(`${call.method} ${call.path}`);
}

/** What to answer instead of the real answer to calls that match. */
export type Fault = {
  match: Match;
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** How many calls it spoils; default 1. */
  times?: number;
};

/** An open event stream. `send` obeys the server's current trouble. */
export type FakeStream = { send(frame: string): void; onClose(run: () => void): void; end(): void };

export type FakeHandler = (call: FakeCall, answer: FakeAnswer) => void | Promise<void>;
export type FakeAnswer = {
  json(status: number, body: unknown, headers?: Record<string, string>): void;
  text(status: number, body: string): void;
  bytes(body: Uint8Array): void;
  empty(status?: number): void;
  stream(): FakeStream;
};

/** An HTTP server in this process that can be made to misbehave in every way a network can. */
export type FakeServer = {
  readonly url: string;
  readonly calls: FakeCall[];
  /** Required as Bearer when not null. */
  token: string | null;
  fault(fault: Fault): void;
  /** Every frame is sent twice, and each pair of frames the other way round. */
  repeatFrames(on: boolean): void;
  reorderFrames(on: boolean): void;
  /** What answers the calls that match vanishes, frames and whole answers, while their connections stay open. */
  stall(match: Match | null): void;
  /** The network is cut: every stream breaks in the middle of a frame, and no call that waits gets its answer. */
  cut(): void;
  /** Writes text into every open stream. */
  inject(text: string): void;
  openStreams(): number;
  /** How many of the calls that match have no answer yet; streams have one. */
  unanswered(match: Match): number;
  close(): Promise<void>;
};

type Open = {
  response: ServerResponse;
  closers: (() => void)[];
  waiting: string | null;
  isStalled: () => boolean;
};

/** Starts it on a free port. `exempt` are paths that ask for no token. */
export async function startFakeServer(
  handle: FakeHandler,
  {
    exempt = [],
    refuse = (answer) => answer.empty(401),
  }: { exempt?: string[]; refuse?: (answer: FakeAnswer) => void } = {},
): Promise<FakeServer> {
  const calls: FakeCall[] = [];
  const faults: (Fault & { times: number })[] = [];
  const streams = new Set<Open>();
  const unanswered = new Map<ServerResponse, FakeCall>();
  let repeat = false;
  let reorder = false;
  let stalled: Match | null = null;

  function answerOf(call: FakeCall, response: ServerResponse): FakeAnswer {
    const isStalled = (): boolean => stalled !== null && matches(stalled, call);
    const answer = (status: number, content_type: string, body: string | Uint8Array, more = {}): void => {
      if (isStalled()) return;
      response.writeHead(status, { "content-type": content_type, ...more });
      response.end(body);
    };
    return {
      json: (status, body, headers) => answer(status, "application/json", JSON.stringify(body), headers),
      text: (status, body) => answer(status, "text/plain", body),
      bytes: (body) => answer(200, "application/octet-stream", body),
      empty(status = 204) {
        if (!isStalled()) response.writeHead(status).end();
      },
      stream: () => openStream(response, isStalled),
    };
  }

  function openStream(response: ServerResponse, isStalled: () => boolean): FakeStream {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    unanswered.delete(response);
    const open: Open = { response, closers: [], waiting: null, isStalled };
    streams.add(open);
    response.on("close", () => {
      streams.delete(open);
      for (const run of open.closers) run();
    });
    return {
      send: (frame) => send(open, frame),
      onClose: (run) => open.closers.push(run),
      end: () => response.end(),
    };
  }

  function send(open: Open, frame: string): void {
    if (open.isStalled()) return;
    if (reorder && open.waiting === null) {
      open.waiting = frame;
      // A frame without a partner is sent alone.
      setTimeout(() => flush(open), 20);
      return;
    }
    write(open, frame);
    flush(open);
  }

  function flush(open: Open): void {
    if (open.waiting !== null) write(open, open.waiting);
    open.waiting = null;
  }

  function write({ response }: Open, frame: string): void {
    response.write(repeat ? frame + frame : frame);
  }

  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://fake");
      const bytes = Buffer.concat(chunks);
      const call: FakeCall = {
        method: request.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: parse(bytes.toString()),
        bytes,
      };
      calls.push(call);
      unanswered.set(response, call);
      response.on("close", () => unanswered.delete(response));
      const answer = answerOf(call, response);
      const fault = faults.find(({ match, times }) => times > 0 && matches(match, call));
      if (fault) {
        fault.times -= 1;
        response.writeHead(fault.status, { "content-type": "text/html", ...fault.headers });
        response.end(fault.body ?? "");
        return;
      }
      const open = server.token === null || exempt.includes(call.path);
      if (!open && call.headers.authorization !== `Bearer ${server.token}`) return refuse(answer);
      Promise.resolve(handle(call, answer)).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // An HTTP server on a port has an AddressInfo.
  const { port } = http.address() as AddressInfo;

  const server: FakeServer = {
    url: `http://127.0.0.1:${port}`,
    calls,
    token: null,
    fault: (fault) => faults.push({ times: 1, ...fault }),
    repeatFrames: (on) => {
      repeat = on;
    },
    reorderFrames: (on) => {
      reorder = on;
    },
    stall: (match) => {
      stalled = match;
    },
    cut() {
      for (const response of unanswered.keys()) response.destroy();
      for (const { response } of streams) {
        if (!response.writableEnded) response.write('data: {"seq');
        // The bytes leave before the reset does.
        setImmediate(() => response.destroy());
      }
    },
    inject(text) {
      for (const { response } of streams) response.write(text);
    },
    openStreams: () => streams.size,
    unanswered: (match) => [...unanswered.values()].filter((call) => matches(match, call)).length,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
