import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mockSandbox } from "#src/testing/mock-sandbox.ts";
import {
  applyFilter,
  clearFilter,
  defaultSort,
  filterChips,
  isNarrowed,
  labelsInUse,
  nextSort,
  readFilter,
  sandboxStates,
  stateCounts,
  toggle,
  writeFilter,
  type SandboxFilter,
} from "./sandbox-filter.logic.ts";

const none: SandboxFilter = { q: "", states: [], backends: [], labels: [], sort: defaultSort };

const web = mockSandbox({
  id: "a",
  name: "web-10",
  labels: { team: "web", spike: "" },
  repository: "acme/web",
  branch: "main",
  last_activity_at: "2026-01-03T00:00:00Z",
  session_count: 3,
});
const api = mockSandbox({
  id: "b",
  name: "web-2",
  state: "stopped",
  backend_id: "remote",
  labels: { team: "api" },
  pending_questions: 5,
  last_activity_at: "2026-01-02T00:00:00Z",
});
const old = mockSandbox({
  id: "c",
  name: "old",
  state: "failed",
  pending_permissions: 1,
  last_activity_at: "2026-01-01T00:00:00Z",
});
const all = [old, web, api];

const ids = (filter: Partial<SandboxFilter>) => applyFilter(all, { ...none, ...filter }).map(({ id }) => id);

describe("applyFilter", () => {
  test.each<[string, Partial<SandboxFilter>, string[]]>([
    ["newest activity first by default", {}, ["a", "b", "c"]],
    ["search in the name, any case", { q: "WEB" }, ["a", "b"]],
    ["search in repository and branch, every word", { q: "acme main" }, ["a"]],
    ["search in labels", { q: "team=api" }, ["b"]],
    ["states are alternatives", { states: ["running", "failed"] }, ["a", "c"]],
    ["backends", { backends: ["remote"] }, ["b"]],
    ["labels all hold", { labels: ["team=web", "spike"] }, ["a"]],
    ["a label with another value", { labels: ["team=other"] }, []],
    ["a bare label is any value", { labels: ["team"] }, ["a", "b"]],
    ["names in number order", { sort: { key: "name", direction: "ascending" } }, ["c", "b", "a"]],
    [
      "a permission before many questions",
      { sort: { key: "needs", direction: "descending" } },
      ["c", "b", "a"],
    ],
    ["states in their own order", { sort: { key: "state", direction: "ascending" } }, ["a", "b", "c"]],
  ])("%s", (_name, filter, expected) => {
    expect(ids(filter)).toEqual(expected);
  });
});

describe("the URL", () => {
  test("is empty for the default view", () => {
    expect(writeFilter(none).toString()).toBe("");
  });

  test("leaves out words it does not know", () => {
    expect(readFilter(new URLSearchParams("state=running&state=asleep&sort=-colour"))).toEqual({
      ...none,
      states: ["running"],
    });
  });

  test("gives back any filter that was written to it", () => {
    const word = fc.string({ minLength: 1 });
    const filter = fc.record({
      q: fc.string(),
      states: fc.uniqueArray(fc.constantFrom(...sandboxStates)),
      backends: fc.uniqueArray(word),
      labels: fc.uniqueArray(word),
      sort: fc.record({
        key: fc.constantFrom("name", "state", "needs", "sessions", "activity"),
        direction: fc.constantFrom("ascending", "descending"),
      }),
    });
    fc.assert(
      fc.property(filter, (given) => {
        expect(readFilter(new URLSearchParams(writeFilter(given).toString()))).toEqual(given);
      }),
    );
  });
});

test("a chip takes away its own narrowing and nothing else", () => {
  const filter: SandboxFilter = {
    ...none,
    q: "x",
    states: ["running", "failed"],
    backends: ["b1"],
    labels: ["t=1"],
  };
  const chips = filterChips(filter, new Map([["b1", "Build farm"]]));
  expect(chips.map(({ field, value }) => `${field}: ${value}`)).toEqual([
    "State: running",
    "State: failed",
    "Backend: Build farm",
    "Label: t=1",
  ]);
  expect(chips[0]?.without).toEqual({ ...filter, states: ["failed"] });
  expect(chips[2]?.without).toEqual({ ...filter, backends: [] });
});

test("clearing keeps the order", () => {
  const sort = { key: "name", direction: "ascending" } as const;
  const filter = { ...none, q: "x", sort };
  expect(isNarrowed(filter)).toBe(true);
  expect(clearFilter(filter)).toEqual({ ...none, sort });
  expect(isNarrowed(clearFilter(filter))).toBe(false);
});

test("a heading sorts its natural way first, then turns", () => {
  const first = nextSort(defaultSort, "name");
  expect(first).toEqual({ key: "name", direction: "ascending" });
  expect(nextSort(first, "name")).toEqual({ key: "name", direction: "descending" });
  expect(nextSort(first, "sessions")).toEqual({ key: "sessions", direction: "descending" });
});

test("labels in use, the commonest first", () => {
  expect(labelsInUse([...all, mockSandbox({ labels: { team: "web" } })])).toEqual([
    "team=web",
    "spike",
    "team=api",
  ]);
});

test("counts name only states that occur, running first", () => {
  expect(stateCounts([old, api, web, web])).toEqual([
    { state: "running", count: 2 },
    { state: "stopped", count: 1 },
    { state: "failed", count: 1 },
  ]);
});

test("toggle adds and removes", () => {
  expect(toggle(["a"], "b")).toEqual(["a", "b"]);
  expect(toggle(["a", "b"], "a")).toEqual(["b"]);
});
