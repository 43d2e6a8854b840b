import { describe, expect, it } from "vitest";
import type { PendingRequest } from "#src/domain/request.ts";
import {
  emptyTriage,
  leave,
  noteAnswered,
  placeAmong,
  show,
  step,
  sync,
  type Triage,
  waitingCount,
} from "./triage.logic.ts";

const request = (id: string, fields: Partial<PendingRequest> = {}): PendingRequest =>
  ({ kind: "question", id, session_id: "s", state: "pending", ...fields }) as PendingRequest;
const requests = (ids: string) => ids.split("").map((id) => request(id));
const from = (ids: string) => sync(emptyTriage, requests(ids), 100);

/** `a B! [c]`: B is shown, c is resolved. */
const look = ({ items, shown }: Triage): string =>
  items
    .map((item) => {
      const name = item.request.id === shown?.id ? `${item.request.id.toUpperCase()}!` : item.request.id;
      return item.waiting ? name : `[${name}]`;
    })
    .join(" ");

describe("what others do", () => {
  it.each([
    ["the oldest is shown first", from("abc"), "A! b c"],
    ["new ones come last", sync(from("ab"), requests("abc"), 200), "A! b c"],
    ["what is shown stays when it is resolved elsewhere", sync(from("abc"), requests("bc"), 200), "[A!] b c"],
    ["so does what is above it", sync(show(from("abc"), "c", 0), requests("c"), 200), "[a] [b] C!"],
    ["when all are resolved nothing moves", sync(from("ab"), [], 200), "[A!] [b]"],
    [
      "one that waits again after all does so in its place",
      sync(sync(from("ab"), [], 1), requests("ab"), 2),
      "A! b",
    ],
    ["nothing to show", from(""), ""],
    ["the first one that comes", sync(from(""), requests("a"), 200), "A!"],
  ])("%s", (_, triage, seen) => expect(look(triage)).toBe(seen));

  it("a request keeps the time it came, and what is shown its grace", () => {
    const later = sync(from("a"), requests("ab"), 700);
    expect(later.items.map((item) => item.since)).toEqual([100, 700]);
    expect(later.shown).toEqual({ id: "a", since: 100 });
  });
});

describe("what the person does", () => {
  it.each([
    ["down", step(from("abc"), 1), "a B! c"],
    ["up", step(show(from("abc"), "c", 0), -1), "a B! c"],
    ["not past the end", step(show(from("abc"), "c", 0), 1), "a b C!"],
    ["not before the start", step(from("abc"), -1), "A! b c"],
    ["over what is resolved, which leaves", step(sync(from("abc"), requests("ac"), 1), 1), "a C!"],
    ["away from what is resolved, which leaves", step(sync(from("abc"), requests("bc"), 1), 1), "B! c"],
    ["down into the list from elsewhere", step(show(from("abc"), "x", 0), 1), "A! b c"],
    ["a click moves no row", show(sync(from("abc"), requests("bc"), 1), "c", 2), "[a] b C!"],
    ["leaving an older one", leave(show(from("ab"), "x", 0), 1), "A! b"],
    ["leaving nothing", leave(show(from("ab"), "b", 0), 1), "a B!"],
    ["an answer goes on to the next", noteAnswered(from("abc"), "a", 1), "B! c"],
    ["from the last one to the first", noteAnswered(show(from("abc"), "c", 0), "c", 1), "A! b"],
    ["an answer to another one moves nothing", noteAnswered(from("abc"), "b", 1), "A! [b] c"],
    ["the last answer leaves nothing", noteAnswered(from("a"), "a", 1), ""],
  ])("%s", (_, triage, seen) => expect(look(triage)).toBe(seen));

  it("an answered one does not come back with a list that is older than the answer", () => {
    const answered = noteAnswered(from("ab"), "a", 1);
    expect(look(sync(answered, requests("ab"), 2))).toBe("B!");
    expect(sync(answered, requests("b"), 3).answered.size).toBe(0);
  });

  it("a step keeps the time of the request, going on by itself begins a new grace", () => {
    expect(step(from("ab"), 1).shown).toEqual({ id: "b", since: 100 });
    expect(noteAnswered(from("ab"), "a", 900).shown).toEqual({ id: "b", since: 900 });
    expect(show(from("ab"), "b", 900).shown).toEqual({ id: "b", since: 900 });
  });

  it("choosing what is shown changes nothing", () => {
    const triage = from("ab");
    expect(show(triage, "a", 900)).toBe(triage);
    expect(step(triage, -1)).toBe(triage);
  });
});

it("counts what waits, and those of one kind in one session", () => {
  const triage = sync(
    from("a"),
    [request("a"), request("b"), request("c", { session_id: "other" }), request("d", { kind: "permission" })],
    1,
  );
  expect(waitingCount(triage)).toBe(4);
  expect(triage.items.map((item) => placeAmong(triage.items, item))).toEqual([
    { place: 1, total: 2 },
    { place: 2, total: 2 },
    null,
    null,
  ]);
});
