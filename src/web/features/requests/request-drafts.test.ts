import { expect, it } from "vitest";
import {
  type DraftStorage,
  forgetDrafts,
  readAnswers,
  readReason,
  writeAnswers,
  writeReason,
} from "./request-drafts.ts";

function memory(kept: Record<string, string> = {}): DraftStorage & { keys: () => string[] } {
  const values = new Map(Object.entries(kept));
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

const answers = { q: { chosen: ["Red"], other: "", other_on: false } };

it("keeps what was typed, each request's for itself, until it is resolved", () => {
  const storage = memory();
  writeReason(storage, "r1", "use the other file");
  writeReason(storage, "r2", "no");
  writeAnswers(storage, "r1", answers);
  expect([readReason(storage, "r1"), readReason(storage, "r2"), readReason(storage, "r3")]).toEqual([
    "use the other file",
    "no",
    "",
  ]);
  expect(readAnswers(storage, "r1")).toEqual(answers);
  forgetDrafts(storage, "r1");
  expect([readReason(storage, "r1"), readAnswers(storage, "r1")]).toEqual(["", {}]);
  expect(readReason(storage, "r2")).toBe("no");
});

it("keeps nothing of a reason that was cleared", () => {
  const storage = memory();
  writeReason(storage, "r1", "x");
  writeReason(storage, "r1", "");
  expect(storage.keys()).toEqual([]);
});

it("begins empty when what was kept is damaged or the storage refuses", () => {
  expect(readAnswers(memory({ "sandbar.answers.r1": "{" }), "r1")).toEqual({});
  const refuse = () => {
    throw new Error("blocked");
  };
  const blocked: DraftStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
  writeReason(blocked, "r1", "x");
  writeAnswers(blocked, "r1", answers);
  forgetDrafts(blocked, "r1");
  expect([readReason(blocked, "r1"), readAnswers(blocked, "r1")]).toEqual(["", {}]);
});
