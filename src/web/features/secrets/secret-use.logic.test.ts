import { expect, test } from "vitest";
import { deleteWarning, listed, restartHint } from "./secret-use.logic.ts";

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
  [["a", "b", "c", "d"], "a, b and 2 more"],
])("listed(%j) is %j", (names, text) => {
  expect(listed(names)).toBe(text);
});

test("a delete names each sandbox once", () => {
  const use = (sandbox_name: string, env_name: string) => ({
    sandbox_id: sandbox_name,
    sandbox_name,
    env_name,
  });
  expect(deleteWarning([])).toBe("No sandbox uses it.");
  expect(deleteWarning([use("web-1", "A"), use("web-1", "B")])).toMatch(/^web-1 uses it\./);
  expect(deleteWarning([use("web-1", "A"), use("api", "A")])).toMatch(/^web-1 and api use it\./);
});

test("a replaced value needs a restart of what uses it", () => {
  expect(restartHint([])).toBeUndefined();
  expect(restartHint([{ sandbox_id: "1", sandbox_name: "web-1", env_name: "A" }])).toBe(
    "Restart web-1 to use it.",
  );
});
