import { expect, it, vi } from "vitest";
import {
  confirmAction,
  currentConfirmation,
  settleConfirmation,
  subscribeConfirmations,
} from "./confirm-store.ts";

it("asks one question at a time, oldest first, and answers each by its id", async () => {
  const listener = vi.fn();
  const unsubscribe = subscribeConfirmations(listener);
  const first = confirmAction({ title: "Stop web-1", action: "Stop sandbox" });
  const second = confirmAction({ title: "Delete web-1", action: "Delete sandbox", danger: true });

  const shown = currentConfirmation()!;
  expect(shown.title).toBe("Stop web-1");
  settleConfirmation(shown.id, true);
  settleConfirmation(shown.id, false);
  expect(await first).toBe(true);

  expect(currentConfirmation()?.title).toBe("Delete web-1");
  settleConfirmation(currentConfirmation()!.id, false);
  expect(await second).toBe(false);
  expect(currentConfirmation()).toBeNull();
  expect(listener).toHaveBeenCalledTimes(4);
  unsubscribe();
});
