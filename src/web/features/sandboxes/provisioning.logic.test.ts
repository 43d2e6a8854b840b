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
      step("clone_repositories", "started", 1, "github.com/acme/web"),
      step("clone_repositories", "done", 3),
      step("run_scripts", "started", 4),
    ]);
    expect(rows).toEqual([
      {
        step: "clone_repositories",
        label: "Clone the repository",
        status: "done",
        detail: "github.com/acme/web",
        startedAt: "2026-01-01T00:00:01Z",
        endedAt: "2026-01-01T00:00:03Z",
      },
      {
        step: "run_scripts",
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
      step("run_scripts", "started", 1),
      step("run_scripts", "failed", 2, "exit code 1"),
      step("start_sandbox", "skipped", 3),
      step("run_scripts", "started", 5),
    ];
    expect(stepRows(steps).map(({ step: name, status, detail }) => [name, status, detail])).toEqual([
      ["start_sandbox", "skipped", null],
      ["run_scripts", "started", null],
    ]);
    expect(failedStep(steps)).toBeNull();
    expect(failedStep(steps.slice(0, 3))?.detail).toBe("exit code 1");
  });
});

test.each([
  ["run_scripts", "Run the setup script"],
  ["warm_the_cache", "Warm the cache"],
  ["PrepareDisk", "Prepare disk"],
])("stepLabel(%s)", (name, label) => {
  expect(stepLabel(name)).toBe(label);
});
