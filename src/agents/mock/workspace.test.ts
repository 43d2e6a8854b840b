import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ToolFailure } from "./errors.ts";
import { temporary } from "./test-client.ts";
import { Workspace } from "./workspace.ts";

describe("a workspace", () => {
  let root: string;
  let workspace: Workspace;

  beforeAll(async () => {
    const outside = await temporary();
    root = join(await temporary(), "root");
    workspace = new Workspace(root);
    await mkdir(join(root, "sub"), { recursive: true });
    await writeFile(join(outside, "secret.txt"), "secret");
    await writeFile(join(root, "..odd"), "inside");
    await mkdir(`${root}-sibling`);
    await symlink(outside, join(root, "way-out"));
    await symlink(join(outside, "secret.txt"), join(root, "link.txt"));
    await symlink(join(outside, "new.txt"), join(root, "dangling.txt"));
    await symlink(join(root, "sub"), join(root, "way-in"));
  });

  const outsideCases = [
    ["..", "is outside"],
    ["../root-sibling/x", "is outside"],
    ["sub/../../x", "is outside"],
    ["/etc/passwd", "is outside"],
    ["way-out/secret.txt", "is outside"],
    ["way-out/new/file.txt", "is outside"],
    ["link.txt", "is outside"],
    ["dangling.txt", "is a link to nothing"],
  ] as const;
  it.each(outsideCases)("refuses %s", async (typed, reason) => {
    const refusal = workspace.path(typed);
    await expect(refusal).rejects.toThrow(ToolFailure);
    await expect(refusal).rejects.toThrow(reason);
  });

  const insideCases = [
    [".", "."],
    ["sub/new/file.txt", "sub/new/file.txt"],
    ["sub/../a.txt", "a.txt"],
    ["..odd", "..odd"],
    ["way-in/a.txt", "way-in/a.txt"],
  ] as const;
  it.each(insideCases)("allows %s", async (typed, shown) => {
    expect((await workspace.path(typed)).shown).toBe(shown);
  });

  it("writes and reads back", async () => {
    const file = await workspace.path("sub/deep/a.txt");
    expect(await workspace.readIfPresent(file)).toBeNull();
    await workspace.write(file, "text");
    expect(await workspace.read(file)).toBe("text");
    expect(await workspace.list(await workspace.path("sub"))).toEqual(["deep/"]);
  });
});
