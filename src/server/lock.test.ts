import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DataDirLock, LockError, lockDataDir, readServerInfo } from "./lock.ts";

/** Inside node_modules, so that the built module finds its packages. */
const built = join(import.meta.dirname, "../../node_modules/.cache", `lock-test-${process.pid}`);
const locked = "locked";
let folder: string;
let children: ChildProcess[] = [];

beforeAll(() =>
  build({
    configFile: false,
    logLevel: "error",
    build: { ssr: join(import.meta.dirname, "lock.ts"), outDir: built, emptyOutDir: true },
  }),
);
afterAll(() => rmSync(built, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbar-lock-"));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => kill(child)));
  rmSync(folder, { recursive: true });
});

const lock = (): DataDirLock =>
  lockDataDir(folder, { pid: process.pid, now: () => new Date("2026-01-01T00:00:00Z") });

/** A process of its own that takes the lock and keeps it; gives its id, or the message of its refusal. */
async function lockInChild(): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    const { lockDataDir } = await import(${JSON.stringify(join(built, "lock.js"))});
    try {
      const lock = lockDataDir(${JSON.stringify(folder)}, { pid: process.pid, now: () => new Date() });
      lock.announce({ port: 4321, control_token: "c" });
      console.log("${locked}");
      setInterval(() => {}, 1000);
    } catch (error) {
      console.log(error.message);
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

describe("between processes", () => {
  test("the second is refused and told who has it", async () => {
    const { child, said } = await lockInChild();
    expect(said).toBe(locked);
    expect(lock).toThrow(LockError);
    expect(lock).toThrow(
      new RegExp(`${folder} \\(process ${child.pid}, port 4321, since 20.*Z\\)\\. Stop it, or`),
    );
    expect(readServerInfo(folder)).toMatchObject({ pid: child.pid, port: 4321, control_token: "c" });
  });

  test("a kill -9 frees it at once, whatever it left behind", async () => {
    const { child } = await lockInChild();
    await kill(child);
    expect(readServerInfo(folder)).toMatchObject({ pid: child.pid });
    const mine = lock();
    expect(readServerInfo(folder)).toMatchObject({ pid: process.pid, port: null, control_token: null });
    expect((await lockInChild()).said).toContain(`process ${process.pid}`);
    mine.release();
    expect((await lockInChild()).said).toBe(locked);
  });

  test("of many at once exactly one gets it", async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, lockInChild));
    expect(outcomes.filter(({ said }) => said === locked)).toHaveLength(1);
  });
});

test("server.json is its owner's alone, and goes with the lock", () => {
  const mine = lock();
  mine.announce({ port: 1, control_token: "secret" });
  expect(statSync(join(folder, "server.json")).mode & 0o777).toBe(0o600);
  mine.release();
  expect(readServerInfo(folder)).toBeNull();
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("a folder that cannot be used is told apart from one that is taken", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const attempt = () => lockDataDir(join(file, "data"), { pid: 1, now: () => new Date() });
  expect(attempt).toThrow(/cannot be used/);
});
