import { describe, expect, it } from "vitest";
import type { PermissionOption } from "#src/domain/request.ts";
import {
  answerForKey,
  answersOf,
  type Bindings,
  dialogBindings,
  triageBindings,
} from "./permission.logic.ts";

const option = (kind: PermissionOption["kind"], name: string): PermissionOption => ({
  id: `id-${name}`,
  kind,
  name,
});
const of = (...options: PermissionOption[]) => answersOf({ options, message_supported: false });

describe("answersOf", () => {
  it("takes the agent's options by kind", () => {
    const answers = of(
      option("allow_always", "npm test"),
      option("allow_once", "Yes"),
      option("reject_once", "No"),
    );
    expect(answers.once).toMatchObject({ reply: "once", option_id: "id-Yes", label: "Allow once" });
    expect(answers.always).toMatchObject([{ reply: "always", option_id: "id-npm test", label: "npm test" }]);
    expect(answers.reject).toMatchObject([{ reply: "reject", option_id: "id-No", label: "Reject" }]);
  });

  it("offers allow once and reject when the agent names no options", () => {
    expect(of()).toMatchObject({
      once: { reply: "once", option_id: null },
      always: [],
      reject: [{ reply: "reject", option_id: null }],
    });
  });

  it("never offers an allowance the agent does not", () => {
    expect(of(option("reject_once", "No")).once).toBeNull();
    expect(of(option("allow_once", "Yes")).always).toEqual([]);
  });

  it("names a rejection for good by the agent's word", () => {
    expect(of(option("reject_always", "Never push")).reject[0]?.label).toBe("Never push");
  });
});

it.each<[string, Bindings, string | undefined]>([
  ["Enter", dialogBindings, "once"],
  ["Backspace", dialogBindings, "reject"],
  ["Escape", dialogBindings, undefined],
  ["y", dialogBindings, undefined],
  ["y", triageBindings, "once"],
  ["n", triageBindings, "reject"],
  ["Enter", triageBindings, undefined],
])("%s of %j answers %s", (key, bindings, reply) => {
  const answers = of(option("allow_once", "Yes"), option("reject_once", "No"));
  expect(answerForKey(answers, key, bindings)?.reply).toBe(reply);
});
