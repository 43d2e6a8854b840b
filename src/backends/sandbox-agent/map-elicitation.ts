import type { DomainEvent } from "#src/domain/event.ts";
import type { Question } from "#src/domain/request.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import type { ElicitationParams, FormProperty } from "./wire.ts";

type Choice = Question["options"][number];

/** An agent's form as questions, one for each property. Null when it wants a field of a type nobody knows. */
export function mapElicitation(params: ElicitationParams, request_id: string): DomainEvent | null {
  const questions = questionsOf(params);
  if (!questions) return null;
  return {
    event_type: "user_input_request",
    data: {
      request_id,
      turn_id: null,
      tool_use_id: params.toolCallId ?? null,
      title: params.message,
      questions,
      expires_at: null,
    },
  };
}

export function questionsOf({ requestedSchema }: ElicitationParams): Question[] | null {
  const required = new Set(requestedSchema.required ?? []);
  const questions: Question[] = [];
  for (const [id, property] of Object.entries(requestedSchema.properties)) {
    const kind = kindOf(property);
    const title = property.title ?? id;
    if (kind) {
      questions.push({
        id,
        header: property.description ? title : null,
        question: property.description ?? title,
        kind,
        options: choicesOf(property),
        allow_other: false,
        required: required.has(id),
      });
    } else if (required.has(id)) {
      return null;
    }
  }
  return questions;
}

function kindOf(property: FormProperty): Question["kind"] | null {
  switch (property.type) {
    case "string":
      return choicesOf(property).length > 0 ? "single" : "text";
    case "array":
      return "multiple";
    case "boolean":
      return "boolean";
    case "number":
    case "integer":
      return "number";
    default:
      return null;
  }
}

function choicesOf({ enum: values, oneOf, items }: FormProperty): Choice[] {
  const titled = oneOf ?? items?.anyOf ?? items?.oneOf ?? [];
  if (titled.length > 0) {
    return titled.map(({ const: value, title, description }) => ({
      value,
      label: title ?? value,
      description: description ?? null,
    }));
  }
  return (values ?? items?.enum ?? []).map((value) => ({ value, label: value, description: null }));
}

export type FormContent = Record<string, string | number | boolean | string[]>;

/**
 * A person's answers as the content that the form's schema wants. Answers name options by value or label.
 * @throws BackendError `invalid_request` for a missing required answer, an unknown option or a number that is none
 */
export function answersToContent(
  params: ElicitationParams,
  answers: readonly (readonly string[])[],
): FormContent {
  const content: FormContent = {};
  for (const [index, question] of (questionsOf(params) ?? []).entries()) {
    const given = (answers[index] ?? []).filter((answer) => answer !== "");
    const type = params.requestedSchema.properties[question.id]?.type;
    if (given.length > 0) content[question.id] = valueOf(question, given, type === "integer");
    else if (question.required) throw invalid(`"${question.question}" needs an answer.`);
  }
  return content;
}

function valueOf(question: Question, given: readonly string[], integer: boolean): FormContent[string] {
  const first = given[0] ?? "";
  switch (question.kind) {
    case "multiple":
      return given.map((answer) => optionValue(question, answer));
    case "single":
      return optionValue(question, first);
    case "boolean":
      return /^(true|yes|1|on)$/i.test(first);
    case "number": {
      const number = Number(first);
      if (!Number.isFinite(number) || (integer && !Number.isInteger(number))) {
        throw invalid(`"${question.question}" needs ${integer ? "a whole number" : "a number"}.`);
      }
      return number;
    }
    case "text":
      return first;
    default:
      return question.kind satisfies never;
  }
}

function optionValue(question: Question, answer: string): string {
  const option =
    question.options.find(({ value }) => value === answer) ??
    question.options.find(({ label }) => label === answer);
  // A list without options takes any text.
  if (!option && question.options.length > 0)
    throw invalid(`"${answer}" is not an option of "${question.question}".`);
  return option?.value ?? answer;
}

function invalid(message: string): BackendError {
  return new BackendError("invalid_request", message);
}
