import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  git,
  make,
  markedPids,
  open,
  outputOf,
  stepsOf,
  temporaryFolder,
  testBackend,
  testRepository,
} from "./test-local.ts";

const backend = testBackend();
const filesOf = (id: string): string => path.join(backend.dataDir, "sandboxes", id, "files");
const drop = (id: string): Promise<void> => backend.controlSandbox(id, "delete", open);

describe("cloning", () => {
  it("clones a branch and makes a new one", async () => {
    const url = testRepository();
    const { id, events, done } = make(backend, {
      source: { type: "git", url, branch: "side", new_branch: "work" },
    });
    await done;
    expect(stepsOf(events)).toContain("clone_repositories:done");
    expect(git(filesOf(id), "branch", "--show-current")).toBe("work\n");
    expect(readdirSync(filesOf(id))).toEqual([".git", "hello.txt"]);
    expect(await backend.getSandbox(id, open)).toMatchObject({ repository: url, branch: "work" });
    await drop(id);
  });

  it("clones several repositories side by side", async () => {
    const [first, second] = [testRepository(), testRepository()];
    const { id, done } = make(backend, { git_repos: [{ url: first, dest_path: "one" }, { url: second }] });
    await done;
    expect(readdirSync(filesOf(id))).toEqual(["one", "repo"]);
    await drop(id);
  });

  it.each([
    ["a missing repository", { url: "/nowhere/at/all.git" }, "There is no repository at /nowhere/at/all.git"],
    [
      "a closed port",
      { url: "http://user:hunter22@127.0.0.1:9/x.git" },
      "The host of http://•••@127.0.0.1:9/x.git does not answer",
    ],
  ])("says what is wrong with %s, keeps nothing, and deletes", async (_, source, sentence) => {
    const { id, events, done } = make(backend, { source: { type: "git", ...source } });
    await expect(done).rejects.toThrow(sentence);
    expect(stepsOf(events).at(-1)).toBe("clone_repositories:failed");
    expect(JSON.stringify(events)).not.toContain("hunter22");
    expect(await backend.getSandbox(id, open)).toMatchObject({
      state: "failed",
      state_detail: expect.stringContaining(sentence),
    });
    expect(readdirSync(filesOf(id))).toEqual([]);
    expect(markedPids(id)).toEqual([]);
    await drop(id);
    expect(existsSync(path.dirname(filesOf(id)))).toBe(false);
  });

  it("names a branch that is not there", async () => {
    const { id, done } = make(backend, { source: { type: "git", url: testRepository(), branch: "gone" } });
    await expect(done).rejects.toThrow('has no branch "gone"');
    await drop(id);
  });

  it.each([
    { url: "ext::sh -c touch% /tmp/pwned" },
    { url: "--upload-pack=touch /tmp/pwned" },
    { url: "relative/path" },
    { url: "ftp://host/x.git" },
    { url: "https://host/x.git", branch: "--orphan" },
    { url: "https://host/x.git", new_branch: "a b" },
  ])("refuses $url $branch $new_branch before anything is made", async (source) => {
    const { id, events, done } = make(backend, { source: { type: "git", ...source } });
    await expect(done).rejects.toMatchObject({ code: "invalid_request" });
    expect(stepsOf(events)).toEqual(["validate:started", "validate:failed"]);
    expect(existsSync(path.dirname(filesOf(id)))).toBe(false);
  });

  it("is cut short by a delete", async () => {
    // A server that takes the connection and never speaks.
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const { id, done } = make(backend, { source: { type: "git", url: `http://127.0.0.1:${port}/x.git` } });
    const failed = expect(done).rejects.toThrow("deleted while it was being made");
    await vi.waitUntil(() => markedPids(id).length > 0);
    await drop(id);
    await failed;
    expect(markedPids(id)).toEqual([]);
    expect(await backend.getSandbox(id, open)).toBeNull();
    silent.close();
  });
});

describe("copying", () => {
  it("copies files and links as they are, without sockets", async () => {
    const from = temporaryFolder();
    mkdirSync(path.join(from, "sub"));
    writeFileSync(path.join(from, "sub/a.txt"), "a");
    symlinkSync("sub/a.txt", path.join(from, "link"));
    const socket = createServer().listen(path.join(from, "agent.sock"));
    await vi.waitUntil(() => existsSync(path.join(from, "agent.sock")));
    const { id, events, done } = make(backend, { source: { type: "copy", path: from } });
    await done;
    expect(readdirSync(filesOf(id))).toEqual(["link", "sub"]);
    expect(readFileSync(path.join(filesOf(id), "link"), "utf8")).toBe("a");
    expect(JSON.stringify(events)).toContain(`2 files from ${from}, 1 sockets, pipes or devices left out`);
    socket.close();
    await drop(id);
  });

  it("is refused for a missing folder, and works when it is retried with the folder there", async () => {
    const from = path.join(temporaryFolder(), "later");
    const { id, done } = make(backend, { source: { type: "copy", path: from } });
    await expect(done).rejects.toThrow(`There is no folder ${from}`);
    mkdirSync(from);
    writeFileSync(path.join(from, "a"), "");
    await backend.retrySetup(id, { emit() {}, signal: open });
    expect(readdirSync(filesOf(id))).toEqual(["a"]);
    await drop(id);
  });

  it.each([
    ["a parent of the data directory", () => path.dirname(backend.dataDir)],
    ["the data directory", () => backend.dataDir],
    ["a part of it", () => path.join(backend.dataDir, "sandboxes")],
  ])("is refused for %s", async (_, from) => {
    const { id, done } = make(backend, { source: { type: "copy", path: from() } });
    await expect(done).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("own data"),
    });
    await drop(id);
  });

  it("may take another sandbox's files", async () => {
    const first = make(backend);
    await first.done;
    writeFileSync(path.join(filesOf(first.id), "a"), "");
    const second = make(backend, { source: { type: "copy", path: filesOf(first.id) } });
    await second.done;
    expect(readdirSync(filesOf(second.id))).toEqual(["a"]);
    await Promise.all([drop(first.id), drop(second.id)]);
  });
});

describe("the setup script", () => {
  it("fails with its reason, masks secrets, and goes on when it is retried", async () => {
    backend.secrets.TOKEN = "tok-123456";
    const script =
      'echo "token=$TOKEN"\ntest -e ready || { touch ready; echo "not ready" >&2; exit 3; }\necho fine';
    const { id, events, done } = make(backend, {
      setup_script: script,
      source: { type: "git", url: testRepository() },
    });
    await expect(done).rejects.toThrow("The setup script ended with exit code 3: not ready");
    expect(outputOf(events)).toContain("token=•••");
    expect(JSON.stringify(events)).not.toContain("tok-123456");
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "failed" });
    await expect(backend.controlSandbox(id, "start", open)).rejects.toThrow(
      /exit code 3.*Run its setup again/,
    );

    const again: typeof events = [];
    await backend.retrySetup(id, { emit: (event) => again.push(event), signal: open });
    // The clone was complete, so only the script runs again.
    expect(stepsOf(again)).toEqual([
      "run_scripts:started",
      "run_scripts:done",
      "start_sandbox:started",
      "start_sandbox:done",
    ]);
    expect(outputOf(again)).toEqual(["token=•••", "fine"]);
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "running" });
    expect(readFileSync(path.join(filesOf(id), "../setup.log"), "utf8")).not.toContain("tok-123456");
    delete backend.secrets.TOKEN;
    await drop(id);
  });

  it("stops at the first command that fails, and what it left behind is ended", async () => {
    const { id, events, done } = make(backend, { setup_script: "setsid sleep 600 &\nfalse\necho never" });
    await expect(done).rejects.toThrow("exit code 1");
    expect(outputOf(events)).toEqual([]);
    expect(markedPids(id)).toEqual([]);
    await drop(id);
  });

  it("is ended when its caller gives up", async () => {
    const caller = new AbortController();
    const { id, events, done } = make(
      backend,
      { setup_script: "echo begun; sleep 600" },
      { signal: caller.signal },
    );
    const failed = expect(done).rejects.toThrow("cancelled");
    await vi.waitUntil(() => outputOf(events).includes("begun"));
    caller.abort();
    await failed;
    expect(markedPids(id)).toEqual([]);
    await drop(id);
  });
});
