import type { BackendError } from "#src/backends/backend-error.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { explainFailure } from "./failure-sentence.ts";
import { hideUrlCredentials } from "./redact.ts";

/** The Sessions API's words for what happens while a sandbox is made (its spec, section 4). */
export type StepName =
  | "validate"
  | "create_sandbox"
  | "clone_repositories"
  | "copy_files"
  | "run_scripts"
  | "start_sandbox";

/** Runs one step; what `work` resolves with is shown as the step's detail. */
export type RunStep = (step: StepName, doing: string, work: () => Promise<string | null>) => Promise<void>;

/**
 * Reports each step as `provisioning_step` events: started, then done or failed. `doing` completes "while …" in a
 * failure's sentence. A failed step throws the `BackendError` whose message was shown.
 */
export function createStepRunner(emit: (event: DomainEvent) => void): RunStep {
  return async (step, doing, work) => {
    const report = (status: "started" | "done" | "failed", detail: string | null): void =>
      emit({ event_type: "provisioning_step", data: { step, status, detail } });
    report("started", null);
    try {
      report("done", await work());
    } catch (error) {
      const failure: BackendError = explainFailure(error, doing);
      report("failed", hideUrlCredentials(failure.message));
      throw failure;
    }
  };
}
