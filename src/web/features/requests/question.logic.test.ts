import { describe, expect, it } from "vitest";
import type { Question } from "#src/domain/request.ts";
import {
  choiceForKey,
  firstProblem,
  pick,
  pickOther,
  problemOf,
  toWire,
  type,
  valuesOf,
} from "./question.logic.ts";

function question(kind: Question["kind"], more: Partial<Question> = {}): Question {
  const options = ["Red", "Blue"].map((label) => ({ value: label.toLowerCase(), label, description: null }));
  const own = kind === "single" || kind === "multiple" ? options : [];
  return {
    id: "q",
    header: null,
    question: "?",
    kind,
    options: own,
    allow_other: false,
    required: true,
    ...more,
  };
}

const single = question("single", { allow_other: true });
const multiple = question("multiple", { allow_other: true });

describe("picking", () => {
  it("replaces a single choice", () => {
    expect(valuesOf(pick(pick({}, single, "Red"), single, "Blue"), single)).toEqual(["Blue"]);
  });

  it("gathers several in the order of the options", () => {
    const both = pick(pick({}, multiple, "Blue"), multiple, "Red");
    expect(valuesOf(both, multiple)).toEqual(["Red", "Blue"]);
    expect(valuesOf(pick(both, multiple, "Blue"), multiple)).toEqual(["Red"]);
  });

  it("lets free text replace a single choice and join several", () => {
    expect(valuesOf(type(pick({}, single, "Red"), single, " green "), single)).toEqual(["green"]);
    expect(valuesOf(type(pick({}, multiple, "Red"), multiple, "green"), multiple)).toEqual(["Red", "green"]);
  });

  it("keeps the text when another option is tried", () => {
    const tried = pick(type({}, single, "green"), single, "Red");
    expect(valuesOf(tried, single)).toEqual(["Red"]);
    expect(valuesOf(pickOther(tried, single), single)).toEqual(["green"]);
  });
});

describe("problemOf", () => {
  it.each([
    [single, {}, "Choose an answer."],
    [question("text"), {}, "Enter an answer."],
    [question("text", { required: false }), {}, null],
    [question("number"), type({}, question("number"), "ten"), "Enter a number."],
    [question("number"), type({}, question("number"), "1.5"), null],
    [question("boolean"), pick({}, question("boolean"), "Yes"), null],
    [single, type({}, single, "   "), "Choose an answer."],
  ])("%#", (asked, answers, problem) => expect(problemOf(answers, asked)).toBe(problem));

  it("finds the first question that is not ready", () => {
    const second = { ...single, id: "second" };
    expect(firstProblem(pick({}, single, "Red"), [single, second])).toBe(1);
    expect(firstProblem({}, [])).toBe(-1);
  });
});

it("sends one array for each question", () => {
  const text = { ...question("text", { required: false }), id: "t" };
  expect(toWire(pick({}, single, "Red"), [single, text])).toEqual([["Red"], []]);
});

it.each([
  [single, "1", { label: "Red" }],
  [single, "3", "other"],
  [single, "4", null],
  [question("single"), "3", null],
  [question("boolean"), "2", { label: "No" }],
  [question("text", { allow_other: true }), "1", null],
  [single, "0", null],
  [single, "Enter", null],
])("a digit picks: %#", (asked, key, choice) => expect(choiceForKey(asked, key)).toEqual(choice));
