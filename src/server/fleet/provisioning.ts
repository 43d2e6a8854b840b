import type { EventData } from "#src/domain/event.ts";
import type { ProvisioningStep } from "#src/domain/sandbox.ts";

/** The stored steps after one more word on them: a step that goes on is replaced, a new one added. */
export function provisioningAfter(stored: string, step: EventData["provisioning_step"], at: string): string {
  const steps: ProvisioningStep[] = JSON.parse(stored);
  const next = { ...step, at };
  const open = steps.findLastIndex((known) => known.step === step.step && known.status === "started");
  return JSON.stringify(open >= 0 && step.status !== "started" ? steps.with(open, next) : [...steps, next]);
}
