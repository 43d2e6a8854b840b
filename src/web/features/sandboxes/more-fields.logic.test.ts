import { expect, test } from "vitest";
import { moreFields, moreFieldsOf, moreOf } from "./more-fields.logic.ts";

const all = { spec_fields: moreFields.map(({ field }) => field) };

test.each<[Record<string, string>, unknown]>([
  [{}, {}],
  [{ preset: " coder ", size: "" }, { preset: "coder" }],
  [{ credentials: "a, b,\nc" }, { credentials: ["a", "b", "c"] }],
  [{ auto_delete_interval: "-1" }, { extra: { auto_delete_interval: -1 } }],
  [{ skip_setup_script: "on" }, { extra: { skip_setup_script: true } }],
  [{ workflow: "off" }, { extra: { workflow: { enabled: false } } }],
  [{ github_auth_mode: "pat", agent: "codex" }, { extra: { github_auth_mode: "pat", agent: "codex" } }],
  [
    { agent_credentials: "claude = work, codex=none,amp" },
    {
      extra: {
        agent_credentials: [{ kind: "claude", name: "work" }, { kind: "codex", none: true }, { kind: "amp" }],
      },
    },
  ],
  [{ initial_prompt: "Fix\nthe tests " }, { extra: { initial_prompt: "Fix\nthe tests" } }],
])("moreOf(%j) is %j", (typed, spec) => {
  expect(moreOf(all, typed)).toEqual(spec);
});

test("what a backend does not list is neither shown nor sent", () => {
  const some = { spec_fields: ["size", "extra.agent"] };
  expect(moreFieldsOf(some).map(({ key }) => key)).toEqual(["size", "agent"]);
  expect(moreOf(some, { preset: "coder", agent: "claude" })).toEqual({ extra: { agent: "claude" } });
});

test("no two fields have one key", () => {
  const keys = moreFields.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});
