import { expect, test } from "vitest";
import { canShow, imageTypeOf, textOf } from "./file-content.logic.ts";
import { crumbsOf, folderOf, inOrder, nameOf, nameProblem, pathIn, targetOf } from "./file-path.logic.ts";

test.each([
  ["", []],
  ["src", ["src"]],
  ["src/web/a b", ["src", "src/web", "src/web/a b"]],
  ["/home/me", ["/", "/home", "/home/me"]],
  ["/", ["/"]],
])("the crumbs of %j lead there", (path, paths) => {
  expect(crumbsOf(path).map((crumb) => crumb.path)).toEqual(paths);
});

test.each([
  ["a.ts", "", "a.ts"],
  ["src/a.ts", "src", "a.ts"],
  ["/a.ts", "/", "a.ts"],
  ["/home/me/a.ts", "/home/me", "a.ts"],
])("%s is in %j and named %s", (path, folder, name) => {
  expect([folderOf(path), nameOf(path), pathIn(folder, name)]).toEqual([folder, name, path]);
});

test("folders come first, then names, numbers in their order", () => {
  const files = ["b10", "b9", "a"].map((path) => ({ path, is_dir: false }));
  const sorted = inOrder([...files, { path: "z", is_dir: true }]);
  expect(sorted.map(({ path }) => path)).toEqual(["z", "a", "b9", "b10"]);
});

test("an image is known by its name, a text by its bytes", () => {
  expect([imageTypeOf("a.PNG"), imageTypeOf("png"), imageTypeOf("a.constructor")]).toEqual([
    "image/png",
    "image/png",
    null,
  ]);
  expect(textOf(new TextEncoder().encode("hé\n"))).toBe("hé\n");
  expect([textOf(new Uint8Array([0xff, 0xfe])), textOf(new Uint8Array([104, 0]))]).toEqual([null, null]);
  expect([canShow("a.txt", 2_000_000), canShow("a.png", 2_000_000)]).toEqual([false, true]);
});

test.each([
  ["", "a.txt", "a.txt"],
  ["src", "a.txt", "src/a.txt"],
  ["src", "deep/a.txt", "src/deep/a.txt"],
  ["src/deep", "../a.txt", "src/a.txt"],
  ["src", "./a.txt", "src/a.txt"],
  ["src", "../../a.txt", null],
  ["/home/me", "a.txt", "/home/me/a.txt"],
  ["/home/me", "/tmp/a.txt", "/tmp/a.txt"],
  ["/home", "../a.txt", "/a.txt"],
])("in %j, %j leads to %j", (folder, typed, target) => {
  expect(targetOf(folder, typed)).toBe(target);
});

test.each([
  ["b.txt", null],
  ["deep/b.txt", null],
  ["...", null],
  ["", "Enter a name."],
  ["deep/", "End with a name"],
  [".", "is no name"],
  ["deep/..", "is no name"],
  ["é".repeat(128), "255 bytes"],
  ["a\0b", "no such characters"],
  ["../../b.txt", "leads out"],
  ["a.txt", "a.txt is there already"],
  ["./a.txt", "a.txt is there already"],
])("in src, %j: %s", (typed, problem) => {
  const said = nameProblem("src", typed, ["src/a.txt"]);
  if (problem === null) expect(said).toBeNull();
  else expect(said).toContain(problem);
});
