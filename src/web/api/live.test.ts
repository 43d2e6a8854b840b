import { QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { listEvents } from "#src/contract/list-events.ts";
import type { Envelope } from "#src/domain/event.ts";
import { networkError } from "./api-error.ts";
import { createRefresher, fetchMissed, type Stale, staleAfter } from "./live.ts";
import { createQueryClient } from "./query-client.ts";
import { FakeClock, listed } from "./stream/fake-stream.ts";

const roots = (stale: readonly Stale[]) =>
  [...new Set(stale.map(({ queryKey }) => String(queryKey[0])))].sort((one, other) =>
    one.localeCompare(other),
  );

it.each([
  ["permission_request", ["requests", "sandboxes", "sessions"]],
  ["session_failed", ["requests", "sandboxes", "sessions"]],
  ["session_updated", ["sessions"]],
  ["provisioning_step", ["sandboxes"]],
  ["backend_state_changed", ["backends", "sandboxes", "sessions"]],
  ["text_delta", []],
])("%s makes old: %j", (event_type, expected) => {
  const envelope = { ...listed(1, "s"), event_type, data: {} } as unknown as Envelope;
  expect(roots(staleAfter(envelope))).toEqual(expected);
});

it("every list-level event makes something old", () => {
  for (const event_type of listEvents) {
    const envelope = { ...listed(1, "s"), event_type, data: { list: "secrets" } } as unknown as Envelope;
    expect(staleAfter(envelope), event_type).not.toEqual([]);
  }
});

it("leaves what nests below a session alone: its log is not fetched again for every turn", () => {
  const own = staleAfter(listed(1, "s")).find(({ queryKey }) => queryKey.includes("s"));
  expect(own).toMatchObject({ exact: true });
});

it("refreshes at once, then at most once per pause, and each part once", () => {
  const clock = new FakeClock();
  const refreshed: unknown[] = [];
  const refresher = createRefresher(clock, ({ queryKey }) => refreshed.push(queryKey[0]));
  const stale = (name: string): Stale => ({ queryKey: [name], exact: true });

  refresher.add([stale("a")]);
  expect(refreshed).toEqual(["a"]);
  refresher.add([stale("a"), stale("b")]);
  refresher.add([stale("a")]);
  expect(refreshed).toEqual(["a"]);
  clock.advance(500);
  expect(refreshed).toEqual(["a", "a", "b"]);
  clock.advance(5000);
  refresher.add([stale("c")]);
  expect(refreshed).toEqual(["a", "a", "b", "c"]);
});

/** A query that somebody looks at, and how often it was asked; each answer comes from the front, the last stays. */
function looked(
  client: ReturnType<typeof createQueryClient>,
  name: string,
  answers: (() => Promise<string>)[],
) {
  const ask = vi.fn(() => (answers.length > 1 ? answers.shift()! : answers[0]!)());
  const observer = new QueryObserver(client, { queryKey: [name], queryFn: ask, retry: false });
  observer.subscribe(() => {});
  return { ask, data: () => observer.getCurrentResult().data };
}

it("fetches what failed or hung while the server was away, and leaves alone what is true", async () => {
  const client = createQueryClient();
  const well = async () => "new";
  const failed = looked(client, "failed", [async () => Promise.reject(networkError(0)), well]);
  const hung = looked(client, "hung", [() => new Promise<never>(() => {}), well]);
  const stale = looked(client, "stale", [
    async () => "old",
    async () => Promise.reject(networkError(0)),
    well,
  ]);
  const fine = looked(client, "fine", [well]);
  await vi.waitFor(() => expect([stale.data(), fine.data()]).toEqual(["old", "new"]));
  await client.invalidateQueries({ queryKey: ["stale"] });
  expect(stale.data()).toBe("old");

  await fetchMissed(client);
  await vi.waitFor(() => expect([failed.data(), hung.data(), stale.data()]).toEqual(["new", "new", "new"]));
  expect(fine.ask).toHaveBeenCalledOnce();
});
