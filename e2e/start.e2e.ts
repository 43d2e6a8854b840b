import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, expectAccessible, test, uniqueName } from "./fixtures.ts";

const main = join(import.meta.dirname, "../dist/server/main.js");

/** Runs the server's program to its end and gives what it said. */
async function run(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  // The exit may be told before the last of the output.
  const [code] = await once(child, "close");
  return { code, out, err };
}

/** The status of a call whose headers are exactly these: `fetch` would not send another Host. */
async function statusOf(
  url: string,
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<number> {
  const call = request(new URL(path, url), { method, headers }).end();
  const [response] = await once(call, "response");
  response.resume();
  return response.statusCode;
}

test.describe("a start that cannot work says why in one sentence", () => {
  let folder: string;
  test.beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sandbar-start-"));
  });
  test.afterEach(() => rm(folder, { recursive: true, force: true }));

  test("the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { code, err } = await run(["--port", String(port), "--data-dir", folder]);
    other.close();
    expect(code).toBe(1);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain(`Port ${port}`);
  });

  test("the data directory is in use", async ({ server }) => {
    const { code, err } = await run(["--port", "0", "--data-dir", server.dataDir]);
    expect(code).toBe(1);
    expect(err).toMatch(/Another Sandbar server uses .+ \(process \d+, port \d+/);
  });

  test("the data directory is a file", async () => {
    const file = join(folder, "plain");
    await writeFile(file, "");
    const { code, err } = await run(["--port", "0", "--data-dir", file]);
    expect(code).toBe(1);
    expect(err).toContain("--data-dir");
  });

  test("an unknown flag", async () => {
    const { code, err } = await run(["--prot", "1"]);
    expect(code).toBe(2);
    expect(err).toContain("--help");
  });

  test("help and version", async () => {
    expect((await run(["--help"])).out).toContain("SANDBAR_DATA_DIR");
    expect((await run(["--version"])).out.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

test("a link from the command line signs in once; a used one says how to get another", async ({
  page,
  server,
  browser,
}) => {
  const { code, out } = await run(["link", "--data-dir", server.dataDir]);
  expect(code).toBe(0);
  await page.goto(out.trim());
  await expect(page).not.toHaveURL(/sign-in/);
  expect(page.url()).not.toContain("#");

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(out.trim());
  await expect(stranger.getByText("npm run link", { exact: true })).toBeVisible();
  await expectAccessible(stranger);
  await stranger.goto(server.url);
  await expect(stranger).toHaveURL(/sign-in/);
  await stranger.context().close();
});

test("secrets reach neither the log, the data files in clear, nor any answer", async ({ server }) => {
  const value = "hunter2-very-secret-value";
  const name = uniqueName("LEAK").replaceAll("-", "_").toUpperCase();
  await server.api("POST", "/secrets", { name, value });
  const list = JSON.stringify(await server.api("GET", "/secrets"));
  expect(list).toContain(name);
  expect(list).not.toContain(value);
  const answer = await server.request("POST", "/secrets", { name, value });
  expect(answer.status).toBe(409);
  expect(await answer.text()).not.toContain(value);
  expect(server.log()).not.toContain(value);
  expect(server.log()).not.toContain(server.token);
});

test("what a call gets wrong is named", async ({ server }) => {
  const cases: [string, string, unknown, number, RegExp][] = [
    ["POST", "/sandboxes", { name: "No Spaces Allowed" }, 400, /name/],
    ["POST", "/sandboxes", { env_vars: { "1BAD": "x" } }, 400, /env_vars/],
    ["POST", "/sandboxes", { secret_env_vars: { A: "not-there" } }, 400, /not-there/],
    ["GET", "/sandboxes/nope", undefined, 404, /sandbox_not_found/],
    ["GET", "/sessions/nope", undefined, 404, /session_not_found/],
    ["POST", "/backends", { url: "http://169.254.169.254" }, 400, /metadata/],
    ["POST", "/backends", { url: server.url }, 400, /own address/],
    ["GET", "/nope", undefined, 404, /not_found/],
  ];
  for (const [method, path, body, status, text] of cases) {
    const response = await server.request(method, path, body);
    expect([path, response.status]).toEqual([path, status]);
    expect(await response.text()).toMatch(text);
  }
  const stranger = await fetch(`${server.url}/api/v1/sandboxes`);
  expect(stranger.status).toBe(401);
});

test("a name that leads here by DNS rebinding is refused, and so is a call from another origin", async ({
  server,
}) => {
  const authorization = `Bearer ${server.token}`;
  const path = "/api/v1/sandboxes";
  expect(await statusOf(server.url, path, { authorization, host: "evil.example" })).toBe(403);
  expect(await statusOf(server.url, path, { authorization })).toBe(200);
  const cookie = "sandbar=guess";
  expect(await statusOf(server.url, path, { cookie, origin: "http://evil.example" }, "POST")).toBe(403);
});
