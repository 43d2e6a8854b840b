import { describe, expect, test } from "vitest";
import type { ProvisioningStep } from "#src/domain/sandbox.ts";
import { failedStep, stepLabel, stepRows } from "./provisioning.logic.ts";

const step = (
  name: string,
  status: ProvisioningStep["status"],
  second: number,
  detail: string | null = null,
) => ({
  step: name,
  status,
  detail,
  at: `2026-01-01T00:00:0${second}Z`,
});

describe("stepRows", () => {
  test("one row each, with when it began and ended", () => {
    const rows = stepRows([
      step("clone_repository", "started", 1, "github.com/acme/web"),
      step("clone_repository", "done", 3),
      step("setup_script", "started", 4),
    ]);
    expect(rows).toEqual([
      {
        step: "clone_repository",
        label: "Clone the repository",
        status: "done",
        detail: "github.com/acme/web",
        startedAt: "2026-01-01T00:00:01Z",
        endedAt: "2026-01-01T00:00:03Z",
      },
      {
        step: "setup_script",
        label: "Run the setup script",
        status: "started",
        detail: null,
        startedAt: "2026-01-01T00:00:04Z",
        endedAt: null,
      },
    ]);
  });

  test("a step run again starts anew, at the end", () => {
    const steps = [
      step("setup_script", "started", 1),
      step("setup_script", "failed", 2, "exit code 1"),
      step("start_agent", "skipped", 3),
      step("setup_script", "started", 5),
    ];
    expect(stepRows(steps).map(({ step: name, status, detail }) => [name, status, detail])).toEqual([
      ["start_agent", "skipped", null],
      ["setup_script", "started", null],
    ]);
    expect(failedStep(steps)).toBeNull();
    expect(failedStep(steps.slice(0, 3))?.detail).toBe("exit code 1");
  });
});

test.each([
  ["setup_script", "Run the setup script"],
  ["warm_the_cache", "Warm the cache"],
  ["PrepareDisk", "Prepare disk"],
])("stepLabel(%s)", (name, label) => {
  expect(stepLabel(name)).toBe(label);
});
