import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type FakeSandboxAgentRest,
  startFakeSandboxAgentRest,
} from "#src/testing/fake-sandbox-agent-rest.ts";
import { startTestServer, type TestServer } from "#src/testing/test-server.ts";
import { until } from "#src/testing/test-wait.ts";

type Row = { id: string };
type Transcript = { rows: { kind: string; outcome?: string; error?: string | null }[] };

let server: TestServer;
let upstream: FakeSandboxAgentRest;
beforeAll(async () => {
  server = await startTestServer();
  upstream = await startFakeSandboxAgentRest();
});
afterAll(async () => {
  await upstream.close();
  await server.close();
});

const ask = <T>(status: number, method: string, path: string, body?: unknown): Promise<T> =>
  server.ask<T>(status, method, `/api/v1${path}`, body);

test("a session goes on after its backend was paused and resumed, and at another address", async () => {
  const kind = "sandbox_agent_rest";
  const backend = await ask<Row>(201, "POST", "/backends", { kind, url: upstream.url, name: "far" });
  const [sandbox] = await ask<Row[]>(200, "GET", `/sandboxes?backend=${backend.id}`);
  const session = await ask<Row>(201, "POST", `/sandboxes/${sandbox?.id}/sessions`, { agent: "mock" });
  const turnOf = async (message: string, count: number) => {
    const headers = { prefer: "respond-async" };
    const sent = await server.call(
      "POST",
      `/api/v1/sessions/${session.id}/messages`,
      { message },
      { headers },
    );
    expect(sent.status).toBe(202);
    const ends = await until(
      async () => {
        const { rows } = await ask<Transcript>(200, "GET", `/sessions/${session.id}/transcript?limit=500`);
        return rows.filter((row) => row.kind === "turn_end");
      },
      (found) => found.length === count,
    );
    return ends.at(-1);
  };
  expect(await turnOf("one", 1)).toMatchObject({ outcome: "completed" });
  await ask(200, "PATCH", `/backends/${backend.id}`, { paused: true });
  await ask(200, "PATCH", `/backends/${backend.id}`, { paused: false });
  expect(await turnOf("two", 2)).toMatchObject({ outcome: "completed", error: null });
  await ask(200, "PATCH", `/backends/${backend.id}`, { url: upstream.url.replace("127.0.0.1", "localhost") });
  expect(await turnOf("three", 3)).toMatchObject({ outcome: "completed", error: null });
});
