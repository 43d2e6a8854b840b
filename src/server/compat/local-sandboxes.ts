import type { Sandbox } from "#src/domain/sandbox.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import { ApiError } from "../errors.ts";
import type { Services } from "../routes/services.ts";
import { getSandbox, listSandboxes } from "../store/sandboxes.ts";

/** As many as a list without pages shows. */
const MOST = 1_000;

/**
 * The published APIs serve this machine's own sandboxes only: two Sandbars that are each other's backend would
 * otherwise show each other their own sandboxes without end.
 */
export async function listLocalSandboxes(
  { store }: Pick<Services, "store">,
  states?: readonly string[],
): Promise<Sandbox[]> {
  return (await listSandboxes(store.db, { backend_id: LOCAL_ID, states, limit: MOST })).items;
}

/** One of them by id or name. @throws ApiError 404; a deleted one is gone */
export async function localSandbox({ store }: Pick<Services, "store">, ref: string): Promise<Sandbox> {
  const sandbox = await getSandbox(store.db, ref);
  if (!sandbox || sandbox.backend_id !== LOCAL_ID || sandbox.state === "terminated") {
    throw new ApiError(404, "sandbox_not_found", `There is no sandbox ${ref}.`);
  }
  return sandbox;
}

/**
 * Resolves once the sandbox has left the state it was in, or throws the refusal; the work goes on and ends in a state
 * of its own. So whoever asks right after sees it on its way.
 */
export async function untilBegun(
  { hub, logger }: Pick<Services, "hub" | "logger">,
  sandbox_id: string,
  work: () => Promise<void>,
): Promise<void> {
  let unsubscribe: () => void = () => undefined;
  const moved = new Promise<void>((resolve) => {
    unsubscribe = hub.subscribe({ kind: "sandbox", sandbox_id }, (events) => {
      if (events.some(({ event_type }) => event_type === "sandbox_state_changed")) resolve();
    });
  });
  const done = work();
  done.catch((error: unknown) => logger.info({ sandbox_id, error }, "a sandbox could not be moved"));
  try {
    await Promise.race([moved, done]);
  } finally {
    unsubscribe();
  }
}
