import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { createLongFetch } from "./long-fetch.ts";

const server = createServer((request, response) => {
  if (request.url === "/moved") response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  // It never ends: what came can be read all the same.
  else if (request.url === "/stream") response.write("one\n");
  else request.pipe(response);
});
let url = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

test("sends and reads as the built-in one: bodies, streams, redirects left alone, aborts", async () => {
  const fetch = createLongFetch();
  const bytes = new Uint8Array([1, 2, 255]);
  const echoed = await fetch(`${url}/`, { method: "POST", body: bytes });
  expect(new Uint8Array(await echoed.arrayBuffer())).toEqual(bytes);
  const reader = (await fetch(`${url}/stream`, {})).body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("one\n");
  await reader?.cancel();
  expect((await fetch(`${url}/moved`, { redirect: "manual" })).status).toBe(302);
  await expect(fetch(`${url}/`, { signal: AbortSignal.abort(new Error("no more")) })).rejects.toThrow(
    "no more",
  );
});

test("the guard reaches what it allows", async () => {
  const fetch = createGuardedFetch({ own: () => null });
  expect(
    (await fetch(`${url.replace("127.0.0.1", "localhost")}/`, { method: "POST", body: "x" })).status,
  ).toBe(200);
});
