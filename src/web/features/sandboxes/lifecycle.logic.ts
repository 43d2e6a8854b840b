import type { Capabilities } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox, SandboxState } from "#src/domain/sandbox.ts";

export type LifecycleAction = "start" | "stop" | "pause" | "resume" | "restart";

/** A lifecycle button as it stands now. `busy` comes from the sandbox's state, so it is there after a reload too. */
export type LifecycleButton = { action: LifecycleAction; label: string; busy: boolean };

/** The buttons a sandbox shows, the likeliest first. What its backend cannot do is absent. */
export function lifecycleButtons(sandbox: Sandbox, capabilities?: Capabilities): readonly LifecycleButton[] {
  const underWay = transitions[sandbox.state];
  if (underWay) return [{ ...underWay, busy: true }];
  const stop = sandboxCan.stop(sandbox, capabilities);
  const restart = stop && sandbox.state === "running" && sandboxCan.start({ state: "stopped" }, capabilities);
  return [
    button("start", sandboxCan.start(sandbox, capabilities)),
    button("resume", sandboxCan.resume(sandbox, capabilities)),
    button("stop", stop),
    button("pause", sandboxCan.pause(sandbox, capabilities)),
    button("restart", restart),
  ].flat();
}

/** Actions the state would allow but the backend does not, with its reason: said in the menu, not left out. */
export function missingActions(
  sandbox: Sandbox,
  capabilities: Capabilities,
): readonly { label: string; reason: string }[] {
  return (["start", "stop", "pause", "delete"] as const).flatMap((action) => {
    const blocked = sandboxCan[action](sandbox) && !capabilities.sandboxes[action];
    if (!blocked) return [];
    const label = action === "delete" ? "Delete sandbox" : labels[action];
    return [{ label, reason: capabilities.notes[`sandboxes.${action}`] ?? "Its backend cannot do this" }];
  });
}

const labels: Readonly<Record<LifecycleAction, string>> = {
  start: "Start sandbox",
  stop: "Stop sandbox",
  pause: "Pause sandbox",
  resume: "Resume sandbox",
  restart: "Restart sandbox",
};

const transitions: Readonly<Partial<Record<SandboxState, { action: LifecycleAction; label: string }>>> = {
  pending: { action: "start", label: "Starting…" },
  creating: { action: "start", label: "Starting…" },
  pausing: { action: "pause", label: "Pausing…" },
  stopping: { action: "stop", label: "Stopping…" },
};

function button(action: LifecycleAction, open: boolean): readonly LifecycleButton[] {
  return open ? [{ action, label: labels[action], busy: false }] : [];
}
