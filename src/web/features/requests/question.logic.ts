import type { Question } from "#src/domain/request.ts";

/** What is chosen and typed for one question, before it is sent. `other` is the free text beside the options. */
export type Answer = {
  readonly chosen: readonly string[];
  readonly other: string;
  readonly other_on: boolean;
};
export type Answers = Readonly<Record<string, Answer>>;

export const noAnswer: Answer = { chosen: [], other: "", other_on: false };

export function answerOf(answers: Answers, question: Question): Answer {
  return answers[question.id] ?? noAnswer;
}

/** Picks or unpicks an option. A single choice replaces the one before and switches the free text off. */
export function pick(answers: Answers, question: Question, label: string): Answers {
  const answer = answerOf(answers, question);
  if (question.kind !== "multiple")
    return set(answers, question, { ...answer, chosen: [label], other_on: false });
  const chosen = answer.chosen.includes(label)
    ? answer.chosen.filter((other) => other !== label)
    : [...answer.chosen, label];
  return set(answers, question, { ...answer, chosen });
}

/** Switches the free text on or off; for a single choice it takes the place of the option. */
export function pickOther(answers: Answers, question: Question): Answers {
  const answer = answerOf(answers, question);
  const multiple = question.kind === "multiple";
  return set(answers, question, {
    ...answer,
    chosen: multiple ? answer.chosen : [],
    other_on: multiple ? !answer.other_on : true,
  });
}

export function type(answers: Answers, question: Question, text: string): Answers {
  const answer = answerOf(answers, question);
  const single = question.kind === "single" || question.kind === "boolean";
  return set(answers, question, { chosen: single ? [] : answer.chosen, other: text, other_on: true });
}

/** The labels and texts of one question, in the order of its options, as they are sent. */
export function valuesOf(answers: Answers, question: Question): string[] {
  const answer = answerOf(answers, question);
  const chosen = choicesOf(question)
    .map((choice) => choice.label)
    .filter((label) => answer.chosen.includes(label));
  const text = answer.other.trim();
  return answer.other_on && text !== "" ? [...chosen, text] : chosen;
}

/** Every question's values, as the API takes them. */
export function toWire(answers: Answers, questions: readonly Question[]): string[][] {
  return questions.map((question) => valuesOf(answers, question));
}

/** Why a question cannot be sent as it is, in one sentence; null when it can. */
export function problemOf(answers: Answers, question: Question): string | null {
  const values = valuesOf(answers, question);
  if (values.length === 0) return question.required ? missing(question) : null;
  if (question.kind === "number" && !Number.isFinite(Number(values[0]))) return "Enter a number.";
  return null;
}

/** The first question that still needs an answer, by its place; -1 when all are ready. */
export function firstProblem(answers: Answers, questions: readonly Question[]): number {
  return questions.findIndex((question) => problemOf(answers, question) !== null);
}

/** The options to show: a yes/no question without options of its own has these two. */
export function choicesOf(question: Question): Question["options"] {
  if (question.kind === "boolean" && question.options.length === 0) {
    return ["Yes", "No"].map((label) => ({ value: label, label, description: null }));
  }
  return question.kind === "text" || question.kind === "number" ? [] : question.options;
}

/** The choice a digit key means, 1 for the first; the one after the last is "Other" where it is allowed. */
export function choiceForKey(question: Question, key: string): { label: string } | "other" | null {
  if (!/^[1-9]$/.test(key)) return null;
  const choices = choicesOf(question);
  const choice = choices[Number(key) - 1];
  if (choice) return { label: choice.label };
  return question.allow_other && Number(key) === choices.length + 1 && choices.length > 0 ? "other" : null;
}

function missing(question: Question): string {
  return choicesOf(question).length > 0 ? "Choose an answer." : "Enter an answer.";
}

function set(answers: Answers, question: Question, answer: Answer): Answers {
  return { ...answers, [question.id]: answer };
}
