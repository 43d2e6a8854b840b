import type { Envelope } from "#src/domain/event.ts";
import type { Services } from "../../routes/services.ts";

const PAGE = 1_000;

type LifecycleEvent = {
  id: string;
  run_kind: string;
  step: string;
  status: string;
  detail: string | null;
  created_at: string;
};

/** What happened to a sandbox, oldest first (spec 1.11): the steps of its making and its changes of state. */
export async function readLifecycle(
  { hub }: Pick<Services, "hub">,
  sandbox_id: string,
): Promise<LifecycleEvent[]> {
  const found: LifecycleEvent[] = [];
  let after = 0;
  for (;;) {
    const events = await hub.read({ filter: { kind: "sandbox", sandbox_id }, after, limit: PAGE });
    found.push(...events.flatMap((event) => lifecycleOf(event) ?? []));
    const last = events.at(-1);
    if (!last || events.length < PAGE) return found;
    after = Number(last.id);
  }
}

function lifecycleOf(event: Envelope): LifecycleEvent | null {
  const base = { id: event.id, created_at: event.timestamp };
  switch (event.event_type) {
    case "provisioning_step":
      return { ...base, run_kind: "provision", ...event.data };
    case "provisioning_failed":
      return {
        ...base,
        run_kind: "provision",
        step: event.data.step ?? "provision",
        status: "failed",
        detail: event.data.error,
      };
    case "sandbox_state_changed":
      return { ...base, run_kind: "state", step: event.data.to, status: "done", detail: event.data.detail };
    default:
      return null;
  }
}
