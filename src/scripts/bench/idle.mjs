// A thousand streams that wait, and a look at whether memory stays flat under work.
import { request } from "node:http";
import { median, repeat } from "./numbers.mjs";
import { atRest, makeServer, send, until } from "./server.mjs";

const STREAMS = 1_000;

export async function idle() {
  const server = makeServer();
  await server.start();
  const streams = [];
  try {
    await server.api("GET", "/sessions");
    const before = server.memory();
    for (let index = 0; index < STREAMS; index += 1) streams.push(await openStream(server));
    const answers = await repeat(20, async () => {
      const started = performance.now();
      await server.api("GET", "/sessions");
      return performance.now() - started;
    });
    return [
      { name: "1000 idle streams: memory they take", value: server.memory() - before, unit: "MB" },
      { name: "1000 idle streams: a list is answered in", value: median(answers), unit: "ms" },
    ];
  } finally {
    for (const stream of streams) stream.destroy();
    await server.dispose();
  }
}

/** A stream of the whole list, and of one session when it is named. */
function openStream(server, session_id) {
  const { hostname, port } = new URL(server.origin);
  const headers = { authorization: `Bearer ${server.token}` };
  const path = session_id === undefined ? "/api/v1/stream" : `/api/v1/stream?sessions=${session_id}`;
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, headers, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`a stream was refused with ${response.statusCode}`));
      response.once("data", () => resolve(call));
      response.resume();
    });
    call.on("error", reject);
    call.end();
  });
}

const WATCHERS = 10;
/** A longer watch works more slowly, so that an hour of it does not fill the disk. */
const pauseMs = (seconds) => (seconds > 300 ? 3_000 : 500);

/** Three sessions that work, with streams that follow. A minute shows a leak that is fast, an hour one that is slow. */
export async function memory({ seconds }) {
  const server = makeServer();
  await server.start();
  const streams = [];
  try {
    const sandbox = await server.api("POST", "/sandboxes", { name: "memory", agent_provider: "mock" });
    await until(
      "the sandbox",
      async () => (await server.api("GET", `/sandboxes/${sandbox.id}`)).state === "running",
    );
    const path = `/sandboxes/${sandbox.id}/sessions`;
    const sessions = await repeat(3, () => server.api("POST", path, { agent: "mock" }));
    for (let index = 0; index < WATCHERS; index += 1)
      streams.push(await openStream(server, sessions[index % sessions.length].id));
    const samples = [];
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      for (const { id } of sessions) {
        await atRest(server, id);
        await send(server, id, "burst 200");
      }
      samples.push(server.memory());
      await new Promise((resolve) => setTimeout(resolve, pauseMs(seconds)));
    }
    const quarter = Math.max(1, Math.floor(samples.length / 4));
    const [before, last] = [samples.slice(-2 * quarter, -quarter), samples.slice(-quarter)].map(median);
    const { items } = await server.api("GET", `/sessions/${sessions[0].id}/events?limit=1&after=0`);
    if (items.length === 0) throw new Error("the sessions did nothing");
    return [
      { name: `Memory after ${seconds} s of three busy sessions`, value: last, unit: "MB" },
      { name: `Memory, most in these ${seconds} s`, value: Math.max(...samples), unit: "MB" },
      {
        name: `Memory, last quarter of ${seconds} s of the quarter before`,
        value: last / before,
        unit: "×",
        budget: 1.1,
      },
    ];
  } finally {
    for (const stream of streams) stream.destroy();
    await server.dispose();
  }
}
