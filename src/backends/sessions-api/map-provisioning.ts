import { type DomainEvent, eventData } from "#src/domain/event.ts";
import { type Envelope, source } from "./wire.ts";

export type Steps = {
  /** A sandbox's event as progress; nothing for one that is none. */
  take(envelope: Envelope): DomainEvent[];
  /** Ends the step that still runs. */
  finish(ok: boolean): DomainEvent[];
  /** What the server said when it failed. */
  failure(): string | null;
};

/**
 * The steps of a sandbox that comes up. The first server only says which step begins; a step is done when the next one
 * begins.
 */
export function createSteps(): Steps {
  let running: string | null = null;
  let failure: string | null = null;

  function end(status: "done" | "failed", detail: string | null = null): DomainEvent[] {
    const step = running;
    running = null;
    return step === null ? [] : [stepEvent(step, status, detail)];
  }

  return {
    take({ event_type, data }) {
      if (event_type === "provisioning_failed") {
        failure = source.provisioning_failed.safeParse(data).data?.error ?? null;
        return end("failed", failure);
      }
      if (event_type === "provisioning_complete") return end("done");
      if (event_type !== "provisioning_step") return [];
      const own = eventData.provisioning_step.safeParse(data).data;
      if (own) return [{ event_type, data: own }];
      const begun = source.provisioning_step.safeParse(data).data;
      if (!begun || begun.step === running) return [];
      const before = end("done");
      running = begun.step;
      return [...before, stepEvent(begun.step, "started", begun.detail ?? begun.status ?? null)];
    },
    finish: (ok) => end(ok ? "done" : "failed"),
    failure: () => failure,
  };
}

function stepEvent(step: string, status: "started" | "done" | "failed", detail: string | null): DomainEvent {
  return { event_type: "provisioning_step", data: { step, status, detail } };
}
