import type { Backend, BackendState } from "#src/domain/backend.ts";
import { StateDot, type Tone } from "#src/web/ui/state-dot.tsx";

const tones: Readonly<Record<BackendState, Tone>> = {
  online: "ok",
  degraded: "permission",
  offline: "offline",
  unauthorized: "failed",
  paused: "stopped",
};

/** A backend's state in a sign and a word. */
export function BackendStateDot({ backend }: { backend: Pick<Backend, "state"> }) {
  return <StateDot tone={tones[backend.state]} label={backend.state} />;
}

/** What to do about a state, where something can be done. */
export const stateAdvice: Readonly<Record<BackendState, string | null>> = {
  online: null,
  degraded: "It answers, but not everything works. Sandbar keeps asking.",
  offline: "Sandbar keeps trying by itself. Check that it runs and that this machine can reach it.",
  unauthorized: "It refuses the token. Replace the token below.",
  paused: "Sandbar does not call it until you resume it. What was recorded stays.",
};
