import type { Answers } from "./question.logic.ts";

export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const answersKey = (request_id: string): string => `sandbar.answers.${request_id}`;
const reasonKey = (request_id: string): string => `sandbar.reason.${request_id}`;

/**
 * What was chosen and typed for a question, kept until it is answered or the tab closes. A storage that refuses costs
 * only that.
 */
export function readAnswers(storage: DraftStorage, request_id: string): Answers {
  try {
    const value: unknown = JSON.parse(storage.getItem(answersKey(request_id)) ?? "{}");
    // Written below and nowhere else.
    return typeof value === "object" && value !== null ? (value as Answers) : {};
  } catch {
    return {}; // blocked or damaged: the form begins empty
  }
}

export function writeAnswers(storage: DraftStorage, request_id: string, answers: Answers): void {
  attempt(() => storage.setItem(answersKey(request_id), JSON.stringify(answers)));
}

/** The message that is to go with a rejection, kept in the same way. */
export function readReason(storage: DraftStorage, request_id: string): string {
  return attempt(() => storage.getItem(reasonKey(request_id))) ?? "";
}

export function writeReason(storage: DraftStorage, request_id: string, reason: string): void {
  const key = reasonKey(request_id);
  attempt(() => (reason === "" ? storage.removeItem(key) : storage.setItem(key, reason)));
}

/** A request that is resolved has no drafts any more. */
export function forgetDrafts(storage: DraftStorage, request_id: string): void {
  for (const key of [answersKey(request_id), reasonKey(request_id)]) attempt(() => storage.removeItem(key));
}

/** Blocked or full: what is typed lasts as long as the form. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
