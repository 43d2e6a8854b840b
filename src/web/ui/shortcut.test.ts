import { describe, expect, it } from "vitest";
import { matchesShortcut } from "./shortcut.ts";

const none = { metaKey: false, ctrlKey: false, altKey: false, shiftKey: false };

describe("matchesShortcut", () => {
  it.each([
    ["mod is Command on a Mac", { ...none, key: "k", metaKey: true }, "mod+k", true, true],
    ["Control is not mod on a Mac", { ...none, key: "k", ctrlKey: true }, "mod+k", true, false],
    ["mod is Control elsewhere", { ...none, key: "k", ctrlKey: true }, "mod+k", false, true],
    [
      "a further modifier is another shortcut",
      { ...none, key: "k", ctrlKey: true, altKey: true },
      "mod+k",
      false,
      false,
    ],
    [
      "capital letters with caps lock still match",
      { ...none, key: "K", ctrlKey: true },
      "mod+k",
      false,
      true,
    ],
    [
      "shift is asked of letters",
      { ...none, key: "P", ctrlKey: true, shiftKey: true },
      "mod+p",
      false,
      false,
    ],
    ["shift is asked of named keys", { ...none, key: "Enter", shiftKey: true }, "enter", false, false],
    ["a shifted character needs no shift word", { ...none, key: "?", shiftKey: true }, "?", false, true],
    ["arrows by their names", { ...none, key: "ArrowDown", altKey: true }, "alt+arrowdown", false, true],
  ])("%s", (_, event, shortcut, mac, expected) => {
    expect(matchesShortcut(event, shortcut, mac)).toBe(expected);
  });
});
