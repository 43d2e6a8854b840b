import type { DomainEvent, EventData } from "#src/domain/event.ts";
import { lifeOf, setupFailure } from "./map-sandbox.ts";
import { type LifecycleEvent, ResolvedCredential, type WireSandbox } from "./wire.ts";

type Step = EventData["provisioning_step"];

/** What was told so far of a sandbox that is being made. */
export type Progress = {
  readonly word: string | null;
  readonly setup: string | null;
  /** A lifecycle event's id → the status it was told with. */
  readonly told: Readonly<Record<string, string>>;
};

export const noProgress: Progress = { word: null, setup: null, told: {} };

/** The steps that one more look at a new sandbox shows, and what is told after them. */
export function advance(
  before: Progress,
  sandbox: WireSandbox,
  lifecycle: readonly LifecycleEvent[],
): { events: DomainEvent[]; progress: Progress } {
  const { word, state } = lifeOf(sandbox);
  const setup = sandbox.setup_status ?? null;
  const news = lifecycle.filter(({ id, status }) => before.told[id] !== (status ?? ""));
  const steps = [
    ...news.map(lifecycleStep),
    ...(word === before.word ? [] : wordSteps(before.word, word, state)),
    ...(setup === before.setup ? [] : setupSteps(sandbox, setup)),
  ];
  const told = {
    ...before.told,
    ...Object.fromEntries(news.map(({ id, status }) => [id, status ?? ""])),
  };
  return { events: steps.map(stepEvent), progress: { word, setup, told } };
}

/** Which keys a new sandbox's agents got; told once, in the answer that made it. */
export function credentialSteps({ resolved_agent_credentials }: WireSandbox): DomainEvent[] {
  return (resolved_agent_credentials ?? [])
    .flatMap((item) => ResolvedCredential.safeParse(item).data ?? [])
    .map(({ kind, outcome, name, type, source, reason }) =>
      stepEvent({
        step: `${kind} credential`,
        status: outcome === "resolved" ? "done" : "skipped",
        detail: [name, type, source, reason].flatMap((part) => part || []).join(", ") || outcome,
      }),
    );
}

function wordSteps(before: string | null, word: string, state: string): Step[] {
  const failed = state === "failed";
  const over: Step[] =
    before === null ? [] : [{ step: before, status: failed ? "failed" : "done", detail: null }];
  const settled = failed || state === "running" || state === "stopped";
  return settled ? over : [...over, { step: word, status: "started", detail: null }];
}

function setupSteps(sandbox: WireSandbox, setup: string | null): Step[] {
  if (setup === null) return [];
  const failure = setupFailure(sandbox);
  if (failure !== null) return [{ step: "setup", status: "failed", detail: failure }];
  if (setup === "ok") return [{ step: "setup", status: "done", detail: null }];
  return [{ step: "setup", status: "started", detail: setup === "setup-running" ? null : setup }];
}

const STATUSES: readonly (readonly [RegExp, Step["status"]])[] = [
  [/fail|error|cancel/i, "failed"],
  [/skip/i, "skipped"],
  [/done|complete|succe|finish|^ok$/i, "done"],
];

/** Its words are not published, so one that is not recognised counts as begun and is shown as it is. */
function lifecycleStep({ run_kind, step, status, detail }: LifecycleEvent): Step {
  const known = STATUSES.find(([pattern]) => pattern.test(status ?? ""))?.[1];
  const word = known === undefined && status && !/start|run|progress/i.test(status) ? status : null;
  return {
    step: step || run_kind || "lifecycle",
    status: known ?? "started",
    detail: [detail, word].flatMap((part) => part || []).join(" ") || null,
  };
}

function stepEvent(data: Step): DomainEvent {
  return { event_type: "provisioning_step", data };
}
