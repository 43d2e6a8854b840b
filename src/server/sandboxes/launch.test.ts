import { execFileSync } from "node:child_process";
import { mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { resolveBinary } from "./binary.ts";
import { sandboxLayout } from "./layout.ts";
import { installMockLauncher, mockLauncherPath } from "./mock-launcher.ts";
import { shareSignIns } from "./sign-ins.ts";
import { make, markedPids, open, temporaryFolder, testBackend } from "./test-local.ts";

/** A program that stands in for sandbox-agent. */
function fakeBinary(script: string): string {
  const file = path.join(temporaryFolder(), "sandbox-agent");
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

describe("starting the agent server", () => {
  it("takes another port when the first was lost to someone faster", async () => {
    const { path: real } = await resolveBinary(temporaryFolder());
    const mark = path.join(temporaryFolder(), "tried");
    const binaryPath = fakeBinary(
      `[ -e ${mark} ] || { touch ${mark}; echo 'error="io error: Address in use (os error 98)"' >&2; exit 1; }\nexec ${real} "$@"`,
    );
    const backend = testBackend({ binaryPath });
    const { id, done } = make(backend);
    await done;
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "running" });
  });

  it("says what the server said when it does not come up", async () => {
    const backend = testBackend({ binaryPath: fakeBinary("echo 'cannot load library' >&2; exit 7") });
    const { done } = make(backend);
    await expect(done).rejects.toThrow(
      "The agent server ended with exit code 7. It said: cannot load library",
    );
  });

  it("says so when the program cannot be run", async () => {
    const { done } = make(testBackend({ binaryPath: "/nowhere/sandbox-agent" }));
    await expect(done).rejects.toThrow("The agent server cannot be started");
  });

  it("is given up when its caller gives up, and nothing stays", async () => {
    const caller = new AbortController();
    const backend = testBackend({ binaryPath: fakeBinary("trap '' TERM; while :; do sleep 1; done") });
    const { id, done } = make(backend, {}, { signal: caller.signal });
    const failed = expect(done).rejects.toThrow("cancelled");
    await vi.waitUntil(() => markedPids(id).length > 0);
    caller.abort();
    await failed;
    expect(markedPids(id)).toEqual([]);
  });
});

describe("the native program", () => {
  it("is found with its version", async () => {
    const { path: file, version } = await resolveBinary(temporaryFolder());
    expect(execFileSync(file, ["--version"], { encoding: "utf8" })).toContain(version);
  });

  it("may be named by hand, and must be there", async () => {
    await expect(resolveBinary(temporaryFolder(), "/nowhere/at-all")).rejects.toThrow(
      "/nowhere/at-all is missing",
    );
  });

  it("makes the backend offline when it is missing", async () => {
    const backend = testBackend({ binaryPath: "/nowhere/at-all" });
    expect(await backend.check(open)).toMatchObject({
      state: "offline",
      detail: expect.stringContaining("missing"),
    });
    expect(await testBackend().check(open)).toMatchObject({ state: "online", version: "0.4.2" });
  });
});

describe("a sandbox's agents", () => {
  it("have the mock through a launcher, whatever its path holds", async () => {
    const layout = sandboxLayout(temporaryFolder(), "box");
    const mockAgentPath = path.join(temporaryFolder(), 'it\'s a $(mock) "agent".js');
    const mock = { nodePath: process.execPath, mockAgentPath };
    expect(await installMockLauncher(layout, mock)).toBe(false);
    writeFileSync(mockAgentPath, "console.log(JSON.stringify(process.argv.slice(2)))");
    expect(await installMockLauncher(layout, mock)).toBe(true);
    const printed = execFileSync(mockLauncherPath(layout), ["--a b", "c'd"], { encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual(["--a b", "c'd"]);
  });

  it("find the user's own sign-in", async () => {
    const home = temporaryFolder();
    const layout = sandboxLayout(temporaryFolder(), "box");
    vi.stubEnv("XDG_DATA_HOME", undefined);
    const original = path.join(home, ".local/share/opencode/auth.json");
    mkdirSync(path.dirname(original), { recursive: true });
    writeFileSync(original, "{}");
    await shareSignIns(layout, home);
    await shareSignIns(layout, home);
    vi.unstubAllEnvs();
    expect(readlinkSync(path.join(layout.agent, "opencode/auth.json"))).toBe(original);
  });
});
