import { BackendError } from "#src/backends/backend-error.ts";
import type { CreateContext, SandboxControl, UpstreamSandbox } from "#src/backends/backend.ts";
import { isTransient, retryDelay, wait } from "#src/backends/shared/retry.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import type { SandboxSpec } from "#src/domain/sandbox.ts";
import { type Api, sandboxPath } from "./api.ts";
import { hasCode, isNoRoute, retold } from "./errors.ts";
import { isBeingDeleted, lifeOf, toSandbox } from "./map-sandbox.ts";
import { advance, credentialSteps, noProgress } from "./provisioning.ts";
import { agentOf, createBody } from "./spec.ts";
import { Ignored, type LifecycleEvent, LifecycleEvents, WireSandbox } from "./wire.ts";

/** A create call is not cut off, so that it is always known whether there is a sandbox to delete. */
const CREATE_TIMEOUT_MS = 60_000;
/** How far Amika's clock may be behind. */
const CLOCK_SKEW_MS = 120_000;

export async function readSandbox({ http }: Api, ref: string, signal: AbortSignal): Promise<WireSandbox> {
  return http.json({ path: sandboxPath(ref), signal }, WireSandbox);
}

/**
 * Makes a sandbox and waits until it runs and its setup is over; a failed setup leaves it running and is told in its
 * detail. `onMade` hears of the id as soon as there is one.
 * @throws BackendError `already_exists`, `invalid_state` when it failed, `timeout`
 */
export async function createSandbox(
  api: Api,
  spec: SandboxSpec,
  context: CreateContext,
  onMade: (ref: string) => void,
): Promise<UpstreamSandbox> {
  const { signal, emit } = context;
  const made = await postSandbox(api, spec, context);
  onMade(made.id);
  signal.throwIfAborted();
  credentialSteps(made).forEach((event) => emit(event));
  const seen = await waitFor(api, made.id, {
    doing: "be made",
    signal,
    isDone: (sandbox) => lifeOf(sandbox).state === "running" && sandbox.setup_status !== "setup-running",
    onSeen: createProgress(api, made.id, emit, signal),
  });
  // Later answers may leave out which credentials it got.
  const { resolved_agent_credentials } = made;
  return {
    ...toSandbox({ ...seen, ...(resolved_agent_credentials && { resolved_agent_credentials }) }),
    agent_provider: agentOf(spec),
  };
}

async function postSandbox(api: Api, spec: SandboxSpec, context: CreateContext): Promise<WireSandbox> {
  const { name } = context;
  const started = api.now();
  const body = createBody(spec, context);
  try {
    return await api.http.json(
      { method: "POST", path: "/sandboxes", body, private_body: true, timeout_ms: CREATE_TIMEOUT_MS },
      WireSandbox,
    );
  } catch (error) {
    if (hasCode(error, "invalid_state")) throw retold(error, "already_exists");
    if (!hasCode(error, "unreachable") && !hasCode(error, "timeout")) throw error;
    // The answer was lost, perhaps not the call.
    const found = await readSandbox(api, name, context.signal).catch(() => null);
    if (found && Date.parse(found.created_at ?? "") > started - CLOCK_SKEW_MS) return found;
    throw error;
  }
}

/** Tells the steps of a new sandbox as they are seen, with the server's own events where it has them. */
function createProgress(
  { http }: Api,
  ref: string,
  emit: (event: DomainEvent) => void,
  signal: AbortSignal,
): (sandbox: WireSandbox) => Promise<void> {
  let progress = noProgress;
  let hasLifecycle = true;

  async function readLifecycle(): Promise<LifecycleEvent[]> {
    if (!hasLifecycle) return [];
    try {
      return await listLifecycleEvents(http, ref, signal);
    } catch (error) {
      signal.throwIfAborted();
      // They only decorate: the sandbox comes up without them.
      hasLifecycle = !isNoRoute(error);
      return [];
    }
  }

  return async (sandbox) => {
    const next = advance(progress, sandbox, await readLifecycle());
    progress = next.progress;
    next.events.forEach((event) => emit(event));
  };
}

export async function listLifecycleEvents(
  http: Api["http"],
  ref: string,
  signal: AbortSignal,
): Promise<LifecycleEvent[]> {
  const path = sandboxPath(ref, "/lifecycle-events");
  return (await http.json({ path, signal }, LifecycleEvents)).events;
}

/** Starts, stops or deletes, and waits until it is so. What is under way already is waited for. */
export async function controlSandbox(
  api: Api,
  ref: string,
  action: SandboxControl,
  signal: AbortSignal,
): Promise<void> {
  switch (action) {
    case "start": {
      await post(api, ref, "start", ["creating", "running"], signal);
      const fresh = api.now() + api.timing.stale_ms;
      const isDone = (sandbox: WireSandbox): boolean => lifeOf(sandbox).state === "running";
      await waitFor(api, ref, { doing: "start", signal, isDone, isStale: () => api.now() < fresh });
      return;
    }
    case "stop": {
      await post(api, ref, "stop", ["stopping", "stopped"], signal);
      const isDone = (sandbox: WireSandbox): boolean => lifeOf(sandbox).state === "stopped";
      await waitFor(api, ref, { doing: "stop", signal, isDone });
      return;
    }
    case "delete":
      return deleteSandbox(api, ref, signal);
    case "pause":
    case "resume":
      throw new BackendError("unsupported", "Amika cannot pause a sandbox; stop it instead.");
    default:
      return action satisfies never;
  }
}

/** Asks for a change; a conflict with one that leads to `towards` is none. */
async function post(
  api: Api,
  ref: string,
  action: "start" | "stop",
  towards: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await api.http.json({ method: "POST", path: sandboxPath(ref, `/${action}`), signal }, Ignored);
  } catch (error) {
    if (!hasCode(error, "invalid_state")) throw error;
    const { state } = lifeOf(await readSandbox(api, ref, signal));
    if (!towards.includes(state)) throw error;
  }
}

async function deleteSandbox(api: Api, ref: string, signal: AbortSignal): Promise<void> {
  const giveUp = api.now() + api.timing.delete_ms;
  try {
    await api.http.json({ method: "DELETE", path: sandboxPath(ref), signal }, Ignored);
  } catch (error) {
    if (!hasCode(error, "invalid_state")) throw error;
    if (!isBeingDeleted(await readSandbox(api, ref, signal))) throw error;
  }
  try {
    await waitFor(api, ref, {
      doing: "be deleted",
      signal,
      // Amika has accepted it; a slow provider is Amika's to wait for.
      isDone: (sandbox) =>
        lifeOf(sandbox).state === "terminated" || (isBeingDeleted(sandbox) && api.now() >= giveUp),
      isStale: () => true,
    });
  } catch (error) {
    if (!hasCode(error, "not_found")) throw error;
  }
}

type Waiting = {
  doing: string;
  isDone: (sandbox: WireSandbox) => boolean;
  /** Whether a failure may be an old one. */
  isStale?: () => boolean;
  onSeen?: (sandbox: WireSandbox) => Promise<void>;
  signal: AbortSignal;
};

/**
 * Looks at a sandbox, at once and then again and again, until it is where it should be. Losing the connection for a while
 * does not matter.
 * @throws BackendError `invalid_state` when it failed, `timeout` after `settle_ms`, `not_found` when it is gone
 */
async function waitFor(api: Api, ref: string, waiting: Waiting): Promise<WireSandbox> {
  const { timing, random, now } = api;
  const { signal, isDone, isStale, onSeen, doing } = waiting;
  const deadline = now() + timing.settle_ms;
  let attempt = 0;
  let last = "unknown";
  for (;;) {
    let pause = timing.poll_ms;
    try {
      const sandbox = await readSandbox(api, ref, signal);
      attempt = 0;
      await onSeen?.(sandbox);
      if (isDone(sandbox)) return sandbox;
      const { state, word } = lifeOf(sandbox);
      last = word;
      if (state === "failed" && !isStale?.()) throw failed(sandbox, doing);
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransient(error)) throw error;
      pause = Math.max(pause, retryDelay(error, attempt, random, timing.backoff));
      attempt += 1;
    }
    if (now() >= deadline) throw overdue(doing, last, timing.settle_ms);
    await wait(pause, signal);
  }
}

function failed({ error_message }: WireSandbox, doing: string): BackendError {
  return new BackendError(
    "invalid_state",
    error_message || `The sandbox failed to ${doing}; Amika gave no reason.`,
  );
}

function overdue(doing: string, word: string, ms: number): BackendError {
  const minutes = Math.round(ms / 60_000);
  return new BackendError(
    "timeout",
    `The sandbox did not ${doing} within ${minutes} min; Amika says "${word}". It may still get there: look again later, or delete it.`,
  );
}
