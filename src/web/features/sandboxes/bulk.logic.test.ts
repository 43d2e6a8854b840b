import { expect, test } from "vitest";
import { mockCapabilities } from "#src/testing/mock-capabilities.ts";
import { mockSandbox } from "#src/testing/mock-sandbox.ts";
import { eligible, runBulk } from "./bulk.logic.ts";

const running = mockSandbox({ id: "a" });
const stopped = mockSandbox({ id: "b", state: "stopped" });
const fixed = mockSandbox({ id: "c", backend_id: "remote" });

const all = mockCapabilities();
const noStop = mockCapabilities({ sandboxes: { ...all.sandboxes, stop: false } });
const capabilities = (backend_id: string) => (backend_id === "remote" ? noStop : all);

test("only those the action applies to, by state and by backend", () => {
  expect(eligible("stop", [running, stopped, fixed], capabilities)).toEqual([running]);
  expect(eligible("delete", [running, stopped, fixed], capabilities)).toEqual([running, stopped, fixed]);
});

test("every item gets its result, in order, whatever happens to the others", async () => {
  const seen: string[] = [];
  const results = await runBulk(
    [running, stopped, fixed],
    async ({ id }) => {
      seen.push(id);
      if (id === "b") throw new Error("busy");
    },
    (error) => (error instanceof Error ? error.message : "?"),
  );
  expect(seen).toEqual(["a", "b", "c"]);
  expect(results.map(({ sandbox, error }) => [sandbox.id, error])).toEqual([
    ["a", null],
    ["b", "busy"],
    ["c", null],
  ]);
});
