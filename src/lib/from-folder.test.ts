import { expect, it } from "vitest";
import { fromFolder, placeWords, textFromFolder } from "./from-folder.ts";

const folder = "/data/box/files";

it.each([
  ["/data/box/files/src/login.ts", "src/login.ts"],
  ["/data/box/files", "/data/box/files"],
  ["/data/box/files/", "/data/box/files/"],
  ["/data/box/files-of-others/a.ts", "/data/box/files-of-others/a.ts"],
  ["/etc/passwd", "/etc/passwd"],
  ["src/login.ts", "src/login.ts"],
  // What leads out again still shows that it does.
  ["/data/box/files/../../secret", "../../secret"],
])("tells %s from the folder as %s", (path, told) => expect(fromFolder(path, folder)).toBe(told));

it("leaves paths as they are where no folder is known, and tells them from the root", () => {
  expect(fromFolder("/a/b", null)).toBe("/a/b");
  expect(fromFolder("/a/b", "/")).toBe("a/b");
  expect(fromFolder("/a/b", "/a/")).toBe("b");
});

it.each([
  ["in /data/box/files/src, *.ts", "in src, *.ts"],
  ["to /data/box/files/b.txt", "to b.txt"],
  ["/data/box/files/a file with spaces", "a file with spaces"],
  ["nothing of it", "nothing of it"],
  ["/backup/data/box/files/x", "/backup/data/box/files/x"],
])("tells the paths in %j as %j", (text, told) => expect(textFromFolder(text, folder)).toBe(told));

it.each([
  ["/data/box/files", "in the session's folder"],
  ["/data/box/files/", "in the session's folder"],
  ["/data/box/files/api", "in api"],
  ["/tmp", "in /tmp"],
])("says that %s is %s", (directory, words) => expect(placeWords(directory, folder)).toBe(words));
