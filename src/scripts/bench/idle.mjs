// A thousand streams that wait, and a short look at whether memory stays flat under work.
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

function openStream(server) {
  const { hostname, port } = new URL(server.origin);
  const headers = { authorization: `Bearer ${server.token}` };
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path: "/api/v1/stream", headers, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`a stream was refused with ${response.statusCode}`));
      response.once("data", () => resolve(call));
      response.resume();
    });
    call.on("error", reject);
    call.end();
  });
}

/** Sessions that work for a minute. This shows a leak that is fast; an hour would show a slow one. */
export async function memory({ seconds = 60 }) {
  const server = makeServer();
  await server.start();
  try {
    const sandbox = await server.api("POST", "/sandboxes", { name: "memory", agent_provider: "mock" });
    await until(
      "the sandbox",
      async () => (await server.api("GET", `/sandboxes/${sandbox.id}`)).state === "running",
    );
    const path = `/sandboxes/${sandbox.id}/sessions`;
    const sessions = await repeat(3, () => server.api("POST", path, { agent: "mock" }));
    const samples = [];
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      for (const { id } of sessions) {
        await atRest(server, id);
        await send(server, id, "burst 200");
      }
      samples.push(server.memory());
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const half = samples.slice(Math.floor(samples.length / 2));
    const quarter = Math.max(1, Math.floor(half.length / 2));
    return [
      {
        name: `Memory after ${seconds} s of three busy sessions`,
        value: median(half.slice(-quarter)),
        unit: "MB",
      },
      {
        name: `Memory, last quarter of ${seconds} s of the quarter before`,
        value: median(half.slice(-quarter)) / median(half.slice(0, quarter)),
        unit: "×",
        budget: 1.1,
      },
    ];
  } finally {
    await server.dispose();
  }
}
