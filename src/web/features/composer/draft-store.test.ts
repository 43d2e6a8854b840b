import { describe, expect, it } from "vitest";
import { createDraftStore, type DraftStorage } from "./draft-store.ts";

function memory(): DraftStorage & { size: () => number } {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    size: () => values.size,
  };
}

describe("draft store", () => {
  it("keeps one text per session", () => {
    const drafts = createDraftStore(memory());
    drafts.write("a", "first");
    drafts.write("b", "second");
    expect([drafts.read("a"), drafts.read("b"), drafts.read("c")]).toEqual(["first", "second", ""]);
  });

  it("leaves nothing behind for an empty text", () => {
    const storage = memory();
    const drafts = createDraftStore(storage);
    drafts.write("a", "first");
    drafts.write("a", "");
    expect(storage.size()).toBe(0);
  });

  it("lets go of a text that was sent, and keeps what was typed since", () => {
    const drafts = createDraftStore(memory());
    drafts.write("a", "sent");
    drafts.write("b", "typed since");
    drafts.sent("a", "sent");
    drafts.sent("b", "sent");
    expect([drafts.read("a"), drafts.read("b")]).toEqual(["", "typed since"]);
  });

  it("works without a storage that lets it", () => {
    const refuse = (): never => {
      throw new DOMException("full", "QuotaExceededError");
    };
    const drafts = createDraftStore({ getItem: refuse, setItem: refuse, removeItem: refuse });
    drafts.write("a", "text");
    expect(drafts.read("a")).toBe("");
  });
});
