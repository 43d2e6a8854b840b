import { expect, it } from "vitest";
import type { Backend } from "#src/domain/backend.ts";
import { backendsHealth } from "./backends-health.logic.ts";

it.each<[Backend["state"][], string, string]>([
  [[], "stopped", "No backends"],
  [["paused"], "stopped", "All backends paused"],
  [["online"], "ok", "b0 up"],
  [["online", "paused", "online"], "ok", "All backends up"],
  [["online", "degraded"], "permission", "b1 degraded"],
  [["offline", "degraded", "offline"], "offline", "2 of 3 backends offline"],
  [["offline", "unauthorized"], "failed", "b1 needs a token"],
])("%j is %s: %s", (states, tone, text) => {
  expect(backendsHealth(states.map((state, index) => ({ state, name: `b${index}` })))).toEqual({
    tone,
    text,
  });
});
