import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FilesPort } from "#src/backends/backend.ts";
import { createAgentServerClient } from "#src/backends/sandbox-agent/client.ts";
import { type RealAgentServer, startRealAgentServer } from "#src/testing/real-agent-server.ts";

let server: RealAgentServer;
let files: FilesPort;
let close: () => Promise<void>;
const { signal } = new AbortController();
const at = (...names: string[]) => join(server.folder, ...names);

beforeAll(async () => {
  server = await startRealAgentServer();
  const client = createAgentServerClient(server);
  ({ files } = client);
  close = () => client.close();
  await mkdir(at("src"));
  await writeFile(at("notes.txt"), "notes");
  await writeFile(at("taken.txt"), "taken");
}, 60_000);
afterAll(async () => {
  await close();
  await server.stop();
});

test("folders are made, and nothing that is there is made again", async () => {
  await files.makeFolder?.("default", at("a/b"), signal);
  expect((await stat(at("a/b"))).isDirectory()).toBe(true);
  for (const name of ["src", "notes.txt"]) {
    await expect(files.makeFolder?.("default", at(name), signal)).rejects.toMatchObject({
      code: "already_exists",
      message: expect.stringContaining(name),
    });
  }
});

test("files and folders get other names, and none takes another's", async () => {
  await files.move?.("default", at("notes.txt"), at("src/readme.txt"), signal);
  await files.move?.("default", at("src"), at("lib"), signal);
  expect(await readFile(at("lib/readme.txt"), "utf8")).toBe("notes");
  for (const name of ["taken.txt", "lib"]) {
    await expect(files.move?.("default", at("lib/readme.txt"), at(name), signal)).rejects.toMatchObject({
      code: "already_exists",
    });
  }
  expect(await readFile(at("taken.txt"), "utf8")).toBe("taken");
  expect(await readdir(at("lib"))).toEqual(["readme.txt"]);
});

test("what is not there cannot be moved", async () => {
  await expect(files.move?.("default", at("nothing"), at("else"), signal)).rejects.toMatchObject({
    code: "invalid_request",
  });
});
