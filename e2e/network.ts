import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { TestServer } from "./server.ts";

/** A wire between the browser and the server that a test can cut. */
export type Wire = {
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** From now on breaks connections at requests whose first line matches, or at the answers to them; null for none. */
  lose(what: "request" | "answer", pattern: RegExp | null): void;
  close(): Promise<void>;
};

/** Puts a wire in front of a server: the browser talks to `url`. */
export async function layWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const lost = { request: null, answer: null } as Record<"request" | "answer", RegExp | null>;
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => open.delete(socket));
    }
    let losesAnswer = false;
    near.on("data", (chunk: Buffer) => {
      // A browser asks one thing at a time on a connection, so a request begins where a chunk does.
      const [line = ""] = chunk.toString("latin1").split("\r\n", 1);
      losesAnswer = lost.answer?.test(line) ?? false;
      if (lost.request?.test(line)) near.destroy();
      else far.write(chunk);
    });
    far.on("data", (chunk: Buffer) => (losesAnswer ? near.destroy() : near.write(chunk)));
    near.on("end", () => far.end());
    far.on("end", () => near.end());
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = (server.address() as AddressInfo).port;

  async function cut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  }

  return {
    url: `http://127.0.0.1:${own}`,
    cut,
    mend: async () => {
      server.listen(own, "127.0.0.1");
      await once(server, "listening");
    },
    lose: (what, pattern) => {
      lost[what] = pattern;
    },
    close: cut,
  };
}

/** A sign-in link that leads over a wire. */
export async function linkOver(wire: Wire, server: TestServer): Promise<string> {
  const { link } = await server.api<{ link: string }>("POST", "/sign-in-links");
  return link.replace(server.url, wire.url);
}
