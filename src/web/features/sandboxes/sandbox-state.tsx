import type { Sandbox, SandboxState } from "#src/domain/sandbox.ts";
import { StateDot, type Tone } from "#src/web/ui/state-dot.tsx";
import { Tooltip } from "#src/web/ui/tooltip.tsx";

const tones: Readonly<Record<SandboxState, Tone>> = {
  pending: "working",
  creating: "working",
  running: "ok",
  pausing: "working",
  paused: "stopped",
  stopping: "working",
  stopped: "stopped",
  terminated: "offline",
  failed: "failed",
};

type SandboxStateProps = {
  sandbox: Pick<Sandbox, "state" | "state_detail">;
  /** Its backend cannot be reached, so the state is the last one known. */
  unreachable?: boolean;
};

/** A sandbox's state in a sign and a word, with the backend's own word for it on hover. */
export function SandboxStateDot({ sandbox, unreachable = false }: SandboxStateProps) {
  const dot = <StateDot tone={unreachable ? "offline" : tones[sandbox.state]} label={sandbox.state} />;
  const detail = unreachable ? "Last known state; its backend cannot be reached" : sandbox.state_detail;
  if (!detail) return dot;
  return (
    <Tooltip label={detail}>
      <span className="inline-flex align-middle">
        {dot}
        <span className="sr-only">, {detail}</span>
      </span>
    </Tooltip>
  );
}
