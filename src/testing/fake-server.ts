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

/** What to answer instead of the real answer, to calls whose `METHOD /path` matches. */
export type Fault = {
  match: RegExp;
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
  /** Frames vanish while the connection stays open. */
  stallStreams(on: boolean): void;
  /** Writes half of something into every stream and drops the connections. */
  cutStreams(): void;
  /** Writes text into every open stream. */
  inject(text: string): void;
  openStreams(): number;
  close(): Promise<void>;
};

type Open = { response: ServerResponse; closers: (() => void)[]; waiting: string | null };

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
  let repeat = false;
  let reorder = false;
  let stall = false;

  function answerOf(response: ServerResponse): FakeAnswer {
    return {
      json(status, body, headers = {}) {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(body));
      },
      text(status, body) {
        response.writeHead(status, { "content-type": "text/plain" });
        response.end(body);
      },
      bytes(body) {
        response.writeHead(200, { "content-type": "application/octet-stream" });
        response.end(body);
      },
      empty(status = 204) {
        response.writeHead(status);
        response.end();
      },
      stream: () => openStream(response),
    };
  }

  function openStream(response: ServerResponse): FakeStream {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    const open: Open = { response, closers: [], waiting: null };
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
    if (stall) return;
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
      const answer = answerOf(response);
      const fault = faults.find(({ match, times }) => times > 0 && match.test(`${call.method} ${call.path}`));
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
    stallStreams: (on) => {
      stall = on;
    },
    cutStreams() {
      for (const { response } of streams) {
        response.write('data: {"seq');
        // The bytes leave before the reset does.
        setImmediate(() => response.destroy());
      }
    },
    inject(text) {
      for (const { response } of streams) response.write(text);
    },
    openStreams: () => streams.size,
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
