import { serve } from "@hono/node-server";
import { createHub } from "#src/server/events/hub.ts";
import { openStream, streamHeaders } from "#src/server/events/stream.ts";
import { openStore } from "#src/server/store/open.ts";
import type { NewEvent } from "#src/server/events/write-batch.ts";

/** Events of one append: what a backend sends in one read. */
const BURST = 20;
/** Appends that wait for their commit at the same time, as many sessions at work do. */
const APPENDERS = 50;

const event = (text: string, session: number): NewEvent => ({
  sandbox_id: "sandbox",
  session_id: `session-${session}`,
  event: { event_type: "text_delta", data: { text, block_id: "b" } },
  raw: { jsonrpc: "2.0", method: "session/update", params: { text } },
});

/**
 * The log and its streams alone, over real HTTP on loopback: `file` is its database. The process that forks this reads
 * `{port}`, opens its streams, and sends `{events}`: so many are then stored and fanned out as fast as they go.
 */
async function main(file: string): Promise<void> {
  const store = await openStore(file);
  const hub = await createHub({ store, now: () => new Date(), onListenerError: fail });
  const fetch = ({ signal }: Request) =>
    new Response(openStream({ hub, filter: { kind: "all" }, after: null, signals: [signal] }), {
      headers: streamHeaders,
    });
  serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => process.send?.({ port }));
  process.on("message", ({ events }: { events: number }) => {
    append(events).then((stored_ms) => process.send?.({ stored_ms, last: hub.cursor() }), fail);
  });

  async function append(events: number): Promise<number> {
    const started = performance.now();
    const bursts = Math.ceil(events / BURST / APPENDERS);
    const words = "a text of an ordinary length for a delta";
    await Promise.all(
      Array.from({ length: APPENDERS }, async (_, session) => {
        for (let burst = 0; burst < bursts; burst += 1) {
          await hub.append(Array.from({ length: BURST }, () => event(words, session)));
        }
      }),
    );
    return performance.now() - started;
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}

main(process.argv[2] ?? "").catch(fail);
