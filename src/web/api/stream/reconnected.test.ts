import { expect, it, vi } from "vitest";
import { createStore } from "#src/lib/store.ts";
import { onReconnected } from "./reconnected.ts";
import { connecting, type StreamStatus } from "./status.ts";

it("calls back once for every loss that ended, and not for the first connection", () => {
  const status = createStore<StreamStatus>(connecting);
  const action = vi.fn();
  const stop = onReconnected(action, status);
  const say = (...phases: StreamStatus["phase"][]) => {
    for (const phase of phases) status.set({ ...connecting, phase });
  };
  say("live", "live");
  expect(action).not.toHaveBeenCalled();
  say("reconnecting", "offline", "live", "live");
  expect(action).toHaveBeenCalledTimes(1);
  say("offline");
  onReconnected(action, status);
  say("live");
  expect(action).toHaveBeenCalledTimes(3);
  stop();
});
