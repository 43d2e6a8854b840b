import { expect, it } from "vitest";
import { commandFor, type Place, type TriageCommand } from "./triage-keys.logic.ts";

const plain = { metaKey: false, ctrlKey: false, altKey: false, repeat: false };
const down: TriageCommand = { kind: "step", by: 1 };
const up: TriageCommand = { kind: "step", by: -1 };

it.each<[Partial<KeyboardEvent> & { key: string }, Place, TriageCommand | null]>([
  [{ key: "j" }, "inbox", down],
  [{ key: "j" }, "control", down],
  [{ key: "J" }, "inbox", down],
  [{ key: "k", repeat: true }, "inbox", up],
  [{ key: "j" }, "elsewhere", null],
  [{ key: "j", ctrlKey: true }, "inbox", null],
  [{ key: "ArrowDown" }, "inbox", down],
  [{ key: "ArrowUp" }, "inbox", up],
  [{ key: "ArrowDown" }, "control", null],
  [{ key: "Enter" }, "inbox", { kind: "open" }],
  [{ key: "Enter" }, "control", null],
  [{ key: "Enter" }, "card", { kind: "answer", key: "Enter" }],
  [{ key: "ArrowDown" }, "card", null],
  [{ key: "y" }, "inbox", { kind: "answer", key: "y" }],
  [{ key: "Y" }, "control", { kind: "answer", key: "y" }],
  [{ key: "n" }, "control", { kind: "answer", key: "n" }],
  [{ key: "y", repeat: true }, "inbox", { kind: "held" }],
  [{ key: "n", repeat: true }, "elsewhere", null],
  [{ key: "y", metaKey: true }, "inbox", null],
  [{ key: "n" }, "elsewhere", null],
  [{ key: "j" }, "page", down],
  [{ key: "y" }, "page", { kind: "answer", key: "y" }],
  [{ key: "Enter" }, "page", null],
  [{ key: "ArrowDown" }, "page", null],
  [{ key: "3" }, "control", { kind: "answer", key: "3" }],
  [{ key: "0" }, "control", null],
  [{ key: "x" }, "inbox", null],
])("%j %s", (keys, place, command) => {
  expect(commandFor({ ...plain, ...keys }, place)).toEqual(command);
});
