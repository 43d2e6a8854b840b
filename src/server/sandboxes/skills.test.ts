import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sandboxLayout } from "./layout.ts";
import { installSkills } from "./skills.ts";
import { git, open, temporaryFolder } from "./test-local.ts";

function place(inner = ".") {
  const layout = sandboxLayout(temporaryFolder(), "box");
  const folder = path.join(layout.files, inner);
  mkdirSync(folder, { recursive: true });
  return { layout, environment: { PATH: process.env.PATH ?? "" }, folder, signal: open };
}

function writeSkill(root: string, name: string, text = name): void {
  mkdirSync(path.join(root, name), { recursive: true });
  writeFileSync(path.join(root, name, "SKILL.md"), text);
}

function repository(): string {
  const root = path.join(temporaryFolder(), "team-skills.git");
  writeSkill(root, "skills/review");
  writeSkill(root, "skills/release");
  git(root, "init", "-q");
  git(root, "add", ".");
  git(root, "commit", "-q", "-m", "skills");
  return root;
}

const installed = (folder: string): string[] => readdirSync(path.join(folder, ".claude/skills")).sort();

describe("skills of a session", () => {
  it("come from a folder of the sandbox, to where each agent looks, below the session's folder", async () => {
    const at = place("app");
    writeSkill(at.layout.files, "shared/greet");
    await installSkills({ sources: [{ type: "local", source: "shared" }] }, at);
    for (const folder of [".agents/skills", ".claude/skills", ".opencode/skill"])
      expect(readFileSync(path.join(at.folder, folder, "greet/SKILL.md"), "utf8")).toBe("shared/greet");
  });

  it("come from a repository: all, or those that are named; nothing of the clone stays", async () => {
    const source = repository();
    const all = place();
    await installSkills({ sources: [{ type: "git", source, ref: "main" }] }, all);
    expect(installed(all.folder)).toEqual(["release", "review"]);
    expect(readdirSync(all.layout.root)).toEqual(["files"]);
    const some = place();
    await installSkills({ sources: [{ type: "git", source, subpath: "skills", skills: ["review"] }] }, some);
    expect(installed(some.folder)).toEqual(["review"]);
  });

  it("that are a whole repository have its name, and none of git's own files", async () => {
    const source = repository();
    writeFileSync(path.join(source, "SKILL.md"), "whole");
    git(source, "add", ".");
    git(source, "commit", "-q", "-m", "whole");
    const at = place();
    await installSkills({ sources: [{ type: "git", source }] }, at);
    expect(installed(at.folder)).toEqual(["team-skills"]);
    expect(readdirSync(path.join(at.folder, ".claude/skills/team-skills")).sort()).toEqual([
      "SKILL.md",
      "skills",
    ]);
  });

  it("that are there already stay as they are", async () => {
    const at = place();
    writeSkill(at.layout.files, "shared/greet", "new");
    writeSkill(at.layout.files, ".claude/skills/greet", "own");
    await installSkills({ sources: [{ type: "local", source: "shared" }] }, at);
    expect(readFileSync(path.join(at.folder, ".claude/skills/greet/SKILL.md"), "utf8")).toBe("own");
  });

  it("are refused when there are none, or they would lead out of the sandbox", async () => {
    const at = place();
    writeSkill(at.layout.files, "shared/greet");
    const refused: [source: object, code: string][] = [
      [{ type: "ftp", source: "x" }, "invalid_request"],
      [{ type: "local", source: "none" }, "not_found"],
      [{ type: "local", source: "/etc" }, "invalid_request"],
      [{ type: "local", source: "shared", subpath: "../.." }, "invalid_request"],
      [{ type: "local", source: "shared", skills: ["other"] }, "invalid_request"],
      [{ type: "git", source: "--upload-pack=x" }, "invalid_request"],
    ];
    for (const [source, code] of refused) {
      await expect(installSkills({ sources: [source] }, at), JSON.stringify(source)).rejects.toMatchObject({
        code,
      });
    }
    symlinkSync(temporaryFolder(), path.join(at.layout.files, ".claude"));
    await expect(installSkills({ sources: [{ type: "local", source: "shared" }] }, at)).rejects.toMatchObject(
      { code: "invalid_request" },
    );
  });
});
