import type { Capabilities } from "./backend.ts";
import type { Sandbox, SandboxState } from "./sandbox.ts";

type Rule = {
  readonly states: readonly SandboxState[];
  readonly capability: keyof Capabilities["sandboxes"] | null;
};

/** The transitions of the Sessions API (its spec, section 2). The server enforces them, the page offers them. */
const rules = {
  start: { states: ["stopped", "failed"], capability: "start" },
  resume: { states: ["paused"], capability: "pause" },
  pause: { states: ["running"], capability: "pause" },
  stop: { states: ["running", "paused"], capability: "stop" },
  delete: { states: ["running", "paused", "stopped", "failed", "creating", "pending"], capability: "delete" },
  ssh: { states: ["running"], capability: "ssh" },
  startSession: { states: ["running"], capability: null },
} as const satisfies Record<string, Rule>;

export type SandboxAction = keyof typeof rules;

type Subject = Pick<Sandbox, "state">;
type Check = {
  (sandbox: Subject, capabilities?: Capabilities): boolean;
  readonly states: readonly SandboxState[];
};

function check({ states, capability }: Rule): Check {
  const can = (sandbox: Subject, capabilities?: Capabilities): boolean =>
    states.includes(sandbox.state) && (!capability || !capabilities || capabilities.sandboxes[capability]);
  return Object.assign(can, { states });
}

/** `sandboxCan.stop(sandbox, capabilities)`: whether the action is open now; without capabilities, by state alone. */
export const sandboxCan: { readonly [A in SandboxAction]: Check } = {
  start: check(rules.start),
  resume: check(rules.resume),
  pause: check(rules.pause),
  stop: check(rules.stop),
  delete: check(rules.delete),
  ssh: check(rules.ssh),
  startSession: check(rules.startSession),
};

/** States in which something is under way and a later event will tell the outcome. */
export function isTransient(state: SandboxState): boolean {
  return state === "pending" || state === "creating" || state === "pausing" || state === "stopping";
}
