import { mkdirSync, symlinkSync, writeFileSync, readFileSync, existsSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { listFolder, readConfined, removeConfined, writeConfined } from "./files.ts";
import { folderImpact } from "./impact.ts";
import { searchFiles } from "./search-files.ts";
import { git, open, temporaryFolder, testRepository } from "./test-local.ts";

let outside: string;
let root: string;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeEach(() => {
  outside = temporaryFolder();
  root = path.join(outside, "files");
  mkdirSync(path.join(root, "src"), { recursive: true });
  writeFileSync(path.join(outside, "secret"), "outside");
  writeFileSync(path.join(root, "src/app.ts"), "inside");
  symlinkSync(path.join(outside, "secret"), path.join(root, "leak"));
  symlinkSync(outside, path.join(root, "up"));
  symlinkSync(path.join(outside, "new"), path.join(root, "dangling"));
  symlinkSync("src", path.join(root, "alias"));
});

describe("files of a sandbox", () => {
  it.each(["../secret", "src/../../secret", "/etc/passwd", "leak", "up/secret", "up", "..", "a\0b"])(
    "cannot be read through %j",
    async (requested) => {
      await expect(readConfined(root, requested)).rejects.toMatchObject({ code: "invalid_request" });
    },
  );

  it.each(["../new", "/tmp/sandbar-new", "leak", "up/new", "dangling", "", "up/deep/new"])(
    "cannot be written through %j",
    async (requested) => {
      await expect(writeConfined(root, requested, bytes("x"))).rejects.toMatchObject({
        code: "invalid_request",
      });
      expect(readFileSync(path.join(outside, "secret"), "utf8")).toBe("outside");
      expect(existsSync(path.join(outside, "new"))).toBe(false);
    },
  );

  it.each(["../secret", "up/secret", "", "/", ".", "src/..", "/etc"])(
    "cannot be removed through %j",
    async (requested) => {
      await expect(removeConfined(root, requested)).rejects.toMatchObject({ code: "invalid_request" });
      expect(existsSync(path.join(outside, "secret"))).toBe(true);
      expect(existsSync(root)).toBe(true);
    },
  );

  it("removes a link and not what it points to", async () => {
    await removeConfined(root, "leak");
    expect(existsSync(path.join(outside, "secret"))).toBe(true);
    expect((await listFolder(root, "")).map((info) => info.path)).not.toContain("leak");
  });

  it("reads and writes inside, through links inside and absolute paths inside", async () => {
    await writeConfined(root, "deep/er/new.txt", bytes("new"));
    expect(readFileSync(path.join(root, "deep/er/new.txt"), "utf8")).toBe("new");
    expect(Buffer.from(await readConfined(root, "alias/app.ts")).toString()).toBe("inside");
    expect(Buffer.from(await readConfined(root, path.join(root, "src/app.ts"))).toString()).toBe("inside");
  });

  it("lists one folder, folders first, links out as plain files", async () => {
    const listed = await listFolder(root, "/");
    expect(listed.map(({ path, is_dir }) => [path, is_dir])).toEqual([
      ["alias", true],
      ["src", true],
      ["dangling", false],
      ["leak", false],
      ["up", false],
    ]);
    await expect(listFolder(root, "src/app.ts")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(listFolder(root, "none")).rejects.toMatchObject({ code: "not_found" });
  });

  it("does not wait for a pipe", async () => {
    execFileSync("sh", ["-c", 'mkfifo "$0"', path.join(root, "pipe")]);
    await expect(readConfined(root, "pipe")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(writeConfined(root, "pipe", bytes("x"))).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("finds files by a part of their path, nearest first, without dependencies and links", async () => {
    for (const file of ["node_modules/app.js", ".git/app", "src/deep/App.css", "zapp"]) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), "");
    }
    const found = (text: string, limit: number) =>
      searchFiles(root, text, limit, open).then((infos) => infos.map((info) => info.path));
    expect(await found("app", 10)).toEqual(["zapp", "src/app.ts", "src/deep/App.css"]);
    expect(await found("app", 1)).toEqual(["zapp"]);
    expect(await found("src/d", 10)).toEqual(["src/deep/App.css"]);
  });
});

describe("what a delete would lose", () => {
  const env = { PATH: process.env.PATH ?? "" };

  it("names uncommitted files and those of unpushed commits", async () => {
    const clone = path.join(temporaryFolder(), "clone");
    git("/", "clone", "-q", testRepository(), clone);
    expect(await folderImpact(clone, env, open)).toEqual({ changed_files: [], file_count: 1 });
    writeFileSync(path.join(clone, "committed file"), "");
    git(clone, "add", ".");
    git(clone, "commit", "-q", "-m", "second");
    writeFileSync(path.join(clone, "hello.txt"), "changed");
    writeFileSync(path.join(clone, "ünew"), "");
    expect(await folderImpact(clone, env, open)).toEqual({
      changed_files: ["hello.txt", "ünew", "committed file"],
      file_count: 3,
    });
  });

  it("looks into checkouts one level below, and counts files where there is none", async () => {
    const folder = temporaryFolder();
    expect(await folderImpact(folder, env, open)).toEqual({ changed_files: [], file_count: 0 });
    git(folder, "clone", "-q", testRepository(), "one");
    writeFileSync(path.join(folder, "one/new"), "");
    expect((await folderImpact(folder, env, open)).changed_files).toEqual(["one/new"]);
  });

  it("does not run the checkout's file monitor", async () => {
    const clone = testRepository();
    const mark = path.join(temporaryFolder(), "ran");
    git(clone, "config", "core.fsmonitor", `touch ${mark}; false`);
    await folderImpact(clone, env, open);
    expect(existsSync(mark)).toBe(false);
  });
});
