import type { Answers } from "./question.logic.ts";

type AnswerStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const key = (request_id: string): string => `sandbar.answers.${request_id}`;

/** What was chosen and typed for a question, kept until the tab closes. A storage that refuses costs only that. */
export function readAnswers(storage: AnswerStorage, request_id: string): Answers {
  try {
    const value: unknown = JSON.parse(storage.getItem(key(request_id)) ?? "{}");
    // Written below and nowhere else.
    return typeof value === "object" && value !== null ? (value as Answers) : {};
  } catch {
    return {}; // blocked or damaged: the form begins empty
  }
}

export function writeAnswers(storage: AnswerStorage, request_id: string, answers: Answers): void {
  try {
    storage.setItem(key(request_id), JSON.stringify(answers));
  } catch {
    // Blocked or full: the answers last as long as the form.
  }
}
