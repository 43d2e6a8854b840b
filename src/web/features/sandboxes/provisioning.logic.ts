import type { ProvisioningStep } from "#src/domain/sandbox.ts";

/** One line of the provisioning log: a step with its newest status and the times it began and ended. */
export type StepRow = {
  step: string;
  label: string;
  status: ProvisioningStep["status"];
  detail: string | null;
  startedAt: string;
  endedAt: string | null;
};

/**
 * Folds the reported steps into one row each, in the order they began. A repeated setup reports its steps again:
 * only the newest attempt is shown, so a `started` after an end opens the row anew.
 */
export function stepRows(steps: readonly ProvisioningStep[]): readonly StepRow[] {
  const rows = new Map<string, StepRow>();
  for (const { step, status, detail, at } of steps) {
    const row = rows.get(step);
    const ended = status === "started" ? null : at;
    const again = row !== undefined && row.endedAt !== null && status === "started";
    if (again) rows.delete(step);
    rows.set(step, {
      step,
      label: stepLabel(step),
      status,
      detail: detail ?? (again ? null : (row?.detail ?? null)),
      startedAt: row && !again ? row.startedAt : at,
      endedAt: ended,
    });
  }
  return [...rows.values()];
}

/** The step that failed and was not run again since, if any. */
export function failedStep(steps: readonly ProvisioningStep[]): StepRow | null {
  return stepRows(steps).findLast((row) => row.status === "failed") ?? null;
}

/** A step's wire name as a person would say it: known ones by name, others with their underscores opened. */
export function stepLabel(step: string): string {
  const known = labels[step];
  if (known) return known;
  const words = step
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The Sessions API's words (its spec, section 4) and the local backend's own. */
const labels: Readonly<Record<string, string>> = {
  validate: "Check the request",
  prepare_image: "Prepare the image",
  resolve_credentials: "Resolve credentials",
  create_sandbox: "Create the sandbox",
  start_sandbox: "Start the sandbox",
  mount_local_dirs: "Mount local folders",
  inject_credentials: "Inject credentials",
  clone_repositories: "Clone the repository",
  copy_files: "Copy the folder",
  setup_agentfs: "Set up the file system",
  run_scripts: "Run the setup script",
  start_agent: "Start the agent",
};
