import { expect, test } from "vitest";
import { mockSandbox } from "#src/testing/mock-sandbox.ts";
import { specFacts } from "./spec-facts.logic.ts";

const known = (spec: ReturnType<typeof mockSandbox>["spec"]) =>
  specFacts(mockSandbox({ spec })).filter(([, value]) => value !== null);

test("only what was asked for", () => {
  expect(known({ env_names: [], secret_env_vars: {}, auto_stop_minutes: 0 })).toEqual([["Agent", "mock"]]);
});

test("names of variables and secrets, one on each line", () => {
  const spec = {
    source: { type: "git", url: "https://example.com/web.git" },
    env_names: ["A", "B"],
    secret_env_vars: { TOKEN: "github token" },
    setup_script: "npm ci",
    auto_stop_minutes: 0,
    size: "xl",
  };
  expect(known(spec)).toEqual([
    ["Agent", "mock"],
    ["Files", "clone of https://example.com/web.git"],
    ["Variables", "A\nB"],
    ["Secrets", "TOKEN ← github token"],
    ["Setup script", "npm ci"],
    ["Size", "xl"],
  ]);
});

test("a source with an unknown word is shown by that word", () => {
  const spec = { source: { type: "tape" }, env_names: [], secret_env_vars: {}, auto_stop_minutes: 0 };
  expect(known(spec)).toContainEqual(["Files", "tape"]);
});
