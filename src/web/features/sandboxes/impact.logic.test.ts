import { expect, test } from "vitest";
import { deleteLosses, stopLosses, type Impact } from "./impact.logic.ts";

const nothing: Impact = {
  running_turns: [],
  pending_requests: 0,
  queued_messages: 0,
  changed_files: [],
  file_count: null,
};

test("nothing to lose says nothing", () => {
  expect(stopLosses(nothing)).toEqual([]);
  expect(deleteLosses({ ...nothing, file_count: 0 })).toEqual([]);
});

test("a stop interrupts what runs and lets files be", () => {
  const impact: Impact = {
    running_turns: [{ session_id: "s1", title: "Fix login" }],
    pending_requests: 2,
    queued_messages: 3,
    changed_files: ["a.ts"],
    file_count: 10,
  };
  expect(stopLosses(impact)).toEqual([
    { text: "1 running turn will be interrupted", names: ["Fix login"] },
    { text: "2 open requests will expire unanswered", names: [] },
  ]);
});

test("a delete names unsaved work first", () => {
  const impact: Impact = {
    running_turns: [{ session_id: "s1", title: "" }],
    pending_requests: 0,
    queued_messages: 1,
    changed_files: ["a.ts", "b.ts"],
    file_count: 1204,
  };
  expect(deleteLosses(impact)).toEqual([
    { text: "2 changed files not committed or not pushed", names: ["a.ts", "b.ts"] },
    { text: "1,204 files in its folder", names: [] },
    { text: "1 running turn will be interrupted", names: ["s1"] },
    { text: "1 queued message will not be sent", names: [] },
  ]);
});
