import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { makeFolderConfined, moveConfined } from "./arrange-files.ts";
import { temporaryFolder } from "./test-local.ts";

let outside: string;
let root: string;
const at = (...names: string[]) => path.join(root, ...names);

beforeEach(() => {
  outside = temporaryFolder();
  root = path.join(outside, "files");
  mkdirSync(at("src"), { recursive: true });
  writeFileSync(at("src/app.ts"), "app");
  writeFileSync(at("notes.txt"), "notes");
  symlinkSync(outside, at("up"));
  symlinkSync(path.join(outside, "new"), at("dangling"));
});

describe("a new folder", () => {
  it("is made with those above it", async () => {
    await makeFolderConfined(root, "a/b/c");
    expect(lstatSync(at("a/b/c")).isDirectory()).toBe(true);
  });

  it.each([
    ["src", "already_exists"],
    ["notes.txt", "already_exists"],
    ["", "already_exists"],
    ["notes.txt/below", "invalid_request"],
    ["x".repeat(300), "invalid_request"],
    ["../beside", "invalid_request"],
    ["up/beside", "invalid_request"],
    ["dangling", "invalid_request"],
    ["a\0b", "invalid_request"],
  ])("is refused as %j: %s", async (requested, code) => {
    await expect(makeFolderConfined(root, requested)).rejects.toMatchObject({ code });
    expect(existsSync(path.join(outside, "beside"))).toBe(false);
    expect(existsSync(path.join(outside, "new"))).toBe(false);
  });
});

describe("a move", () => {
  it.each([
    ["notes.txt", "readme.txt"],
    ["notes.txt", "src/notes.txt"],
    ["src", "lib"],
  ])("of %s to %s keeps what is in it", async (from, to) => {
    await moveConfined(root, from, to);
    expect(existsSync(at(from))).toBe(false);
    const file = from === "src" ? at(to, "app.ts") : at(to);
    expect(readFileSync(file, "utf8")).toBe(from === "src" ? "app" : "notes");
  });

  it("takes a link itself, not what it points to", async () => {
    await moveConfined(root, "up", "away");
    expect(lstatSync(at("away")).isSymbolicLink()).toBe(true);
  });

  it.each([
    ["notes.txt", "src/app.ts", "already_exists"],
    ["notes.txt", "src", "already_exists"],
    ["notes.txt", "notes.txt", "already_exists"],
    ["notes.txt", "dangling", "already_exists"],
    ["nothing", "else", "not_found"],
    ["notes.txt", "nowhere/notes.txt", "not_found"],
    ["src", "src/below", "invalid_request"],
    ["notes.txt", "notes.txt/x", "invalid_request"],
    ["notes.txt", "../notes.txt", "invalid_request"],
    ["notes.txt", "up/notes.txt", "invalid_request"],
    ["notes.txt", "", "invalid_request"],
    ["", "else", "invalid_request"],
    ["../files", "else", "invalid_request"],
    ["up/files", "else", "invalid_request"],
  ])("of %j to %j is refused: %s", async (from, to, code) => {
    await expect(moveConfined(root, from, to)).rejects.toMatchObject({ code });
    expect(readFileSync(at("notes.txt"), "utf8")).toBe("notes");
    expect(readFileSync(at("src/app.ts"), "utf8")).toBe("app");
  });
});
