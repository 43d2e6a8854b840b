import { expect, it } from "vitest";
import { shortPath } from "./short-path.ts";

it.each([
  ["src/a.ts", "src/a.ts"],
  ["/a/b/c", "/a/b/c"],
  ["/home/ada/work/src/a.ts", "…/work/src/a.ts"],
  ["", ""],
])("%j is %j", (path, shown) => expect(shortPath(path)).toBe(shown));
