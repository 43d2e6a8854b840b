import { BackendError } from "#src/backends/backend-error.ts";
import type { SandboxControl, UpstreamSandbox } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import type { Sandbox, SandboxSpec, SandboxState } from "#src/domain/sandbox.ts";
import { type SandboxAction, sandboxCan } from "#src/domain/sandbox-can.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import { ApiError } from "../errors.ts";
import type { LocalBackend } from "../sandboxes/local-backend.ts";
import { newRow, upstreamPatch } from "./rows.ts";
import { getSandbox, getSandboxRow, insertSandbox, updateSandbox } from "../store/sandboxes.ts";
import type { SandboxRow } from "../store/schema.ts";
import { uniqueViolation } from "../store/store-error.ts";
import type { FleetDeps } from "./deps.ts";
import { inventName } from "./names.ts";
import { provisioningAfter } from "./provisioning.ts";
import { injectedValues, resolveSecrets } from "./resolve-secrets.ts";

/** Sandboxes as the API offers them: their rows, their events and the adapters that move them. */
export type Fleet = ReturnType<typeof createFleet>;

const transitions: Record<
  Exclude<SandboxControl, "delete">,
  { by: SandboxState; to: SandboxState; rule: SandboxAction }
> = {
  start: { by: "creating", to: "running", rule: "start" },
  stop: { by: "stopping", to: "stopped", rule: "stop" },
  pause: { by: "pausing", to: "paused", rule: "pause" },
  resume: { by: "creating", to: "running", rule: "resume" },
};

export function createFleet(deps: FleetDeps) {
  const { db } = deps.store;
  const at = () => new Date(deps.now()).toISOString();
  const running = new Map<string, { controller: AbortController; done: Promise<void> }>();

  async function read(ref: string): Promise<Sandbox> {
    const sandbox = await getSandbox(db, ref);
    if (!sandbox) throw new ApiError(404, "sandbox_not_found", "There is no such sandbox.");
    return sandbox;
  }

  async function append(sandbox_id: string, event: DomainEvent, patch?: Partial<SandboxRow>): Promise<void> {
    await deps.hub.append(
      [{ sandbox_id, session_id: null, event }],
      patch ? { alongside: (tx) => updateSandbox(tx, sandbox_id, { ...patch, updated_at: at() }) } : {},
    );
  }

  /** Moves a sandbox to a state and says so; nothing when it is there already. */
  async function setState(
    sandbox_id: string,
    to: SandboxState,
    detail: string | null,
    patch: Partial<SandboxRow> = {},
  ): Promise<void> {
    const row = await getSandboxRow(db, sandbox_id);
    if (!row || (row.state === to && row.state_detail === detail)) return;
    await append(
      sandbox_id,
      { event_type: "sandbox_state_changed", data: { from: row.state, to, detail } },
      { state: to, state_detail: detail, ...(to === "terminated" ? { terminated_at: at() } : {}), ...patch },
    );
  }

  /** Stores what the adapter reports while it makes a sandbox; the steps stay with the sandbox. */
  function emitter(sandbox_id: string): (event: DomainEvent) => void {
    return (event) => {
      deps.hub
        .append([{ sandbox_id, session_id: null, event }], {
          alongside: async (tx) => {
            if (event.event_type !== "provisioning_step") return;
            const row = await getSandboxRow(tx, sandbox_id);
            if (!row) return;
            await updateSandbox(tx, sandbox_id, {
              provisioning: provisioningAfter(row.provisioning, event.data, at()),
            });
          },
        })
        .catch((error: unknown) =>
          deps.logger.error({ sandbox_id, error }, "a provisioning event could not be stored"),
        );
    };
  }

  /** Runs one long job for a sandbox; a second one waits for nothing and is refused by the state table. */
  function work(sandbox_id: string, job: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const done = job(controller.signal).finally(() => {
      if (running.get(sandbox_id)?.controller === controller) running.delete(sandbox_id);
    });
    running.set(sandbox_id, { controller, done });
    return done;
  }

  /** Waits for a sandbox to be made and records how that ended; the outcome is told by events, so it never throws. */
  function settle(
    sandbox_id: string,
    make: (signal: AbortSignal) => Promise<UpstreamSandbox>,
  ): Promise<void> {
    return work(sandbox_id, async (signal) => {
      try {
        const made = await make(signal);
        await setState(sandbox_id, made.state, made.state_detail ?? null, upstreamPatch(made));
        await append(sandbox_id, { event_type: "provisioning_complete", data: { sandbox_id } });
      } catch (error) {
        if (signal.aborted) return;
        const message = sentence(error);
        if (!(error instanceof BackendError) && !(error instanceof ApiError)) {
          deps.logger.error({ sandbox_id, error }, "provisioning failed");
        }
        await append(sandbox_id, { event_type: "provisioning_failed", data: { error: message, step: null } });
        await setState(sandbox_id, "failed", message);
      }
    }).catch((error: unknown) =>
      deps.logger.error({ sandbox_id, error }, "a sandbox's outcome could not be recorded"),
    );
  }

  async function provision(row: SandboxRow, spec: SandboxSpec): Promise<void> {
    await setState(row.id, "creating", null);
    await settle(row.id, async (signal) => {
      const { capabilities } = deps.backendOf(row.backend_id);
      const injected = await injectedValues(deps, row.id, capabilities.secrets.list);
      const context = { sandbox_id: row.id, name: row.name, ...injected, emit: emitter(row.id), signal };
      return deps.backendOf(row.backend_id).createSandbox({ ...spec, name: row.name }, context);
    });
  }

  async function create(spec: SandboxSpec): Promise<{ row: SandboxRow; done: Promise<void> }> {
    const backend_id = spec.backend_id ?? "local";
    const backend = deps.backendOf(backend_id);
    if (!backend.capabilities.sandboxes.create) {
      throw new ApiError(
        400,
        "unsupported",
        backend.capabilities.notes["sandboxes.create"] ?? "This backend does not make sandboxes.",
      );
    }
    const issues = backend.checkSpec?.(spec) ?? [];
    const [first] = issues;
    if (first) throw new ApiError(400, "validation_failed", `${first.path}: ${first.message}`, { issues });
    await resolveSecrets(deps, spec, backend.capabilities.secrets.list);
    const row = newRow(deps.newId(), backend_id, spec.name ?? inventName(Math.random), spec, at());
    row.env_sealed =
      Object.keys(spec.env_vars).length > 0
        ? deps.vault.seal(JSON.stringify(spec.env_vars), `sandboxes/${row.id}`)
        : null;
    try {
      await deps.hub.append(
        [
          {
            sandbox_id: row.id,
            session_id: null,
            event: { event_type: "sandbox_created", data: { sandbox_id: row.id, name: row.name } },
          },
        ],
        { alongside: (tx) => insertSandbox(tx, row) },
      );
    } catch (error) {
      if (!uniqueViolation(error)) throw error;
      throw new ApiError(409, "sandbox_already_exists", `There is a sandbox named ${row.name} already.`);
    }
    return { row, done: provision(row, spec) };
  }

  function refuse(sandbox: Sandbox, action: SandboxAction): void {
    if (sandboxCan[action](sandbox)) return;
    const states = sandboxCan[action].states.join(" or ");
    throw new ApiError(
      409,
      "sandbox_invalid_state",
      `${sandbox.name} is ${sandbox.state}; this needs it ${states}.`,
      { state: sandbox.state, needs: sandboxCan[action].states },
    );
  }

  async function control(ref: string, action: Exclude<SandboxControl, "delete">): Promise<void> {
    const sandbox = await read(ref);
    const { by, to, rule } = transitions[action];
    refuse(sandbox, rule);
    const backend = deps.backendOf(sandbox.backend_id);
    await setState(sandbox.id, by, null);
    await work(sandbox.id, async (signal) => {
      try {
        if (action === "stop" || action === "pause") {
          await deps.dropSessions(sandbox.id, `The sandbox was ${to}.`, "sandbox_stopped", null);
        }
        const upstream_id = sandbox.upstream_id ?? sandbox.id;
        await backend.controlSandbox(upstream_id, action, signal);
        const actual = await backend.getSandbox(upstream_id, signal);
        await setState(sandbox.id, to, null, actual ? upstreamPatch(actual) : {});
      } catch (error) {
        await setState(sandbox.id, "failed", sentence(error));
        throw error;
      }
    });
  }

  async function remove(ref: string): Promise<void> {
    const sandbox = await read(ref);
    refuse(sandbox, "delete");
    const backend = deps.backendOf(sandbox.backend_id);
    const job = running.get(sandbox.id);
    job?.controller.abort();
    await job?.done.catch(() => undefined);
    await setState(sandbox.id, "stopping", "Deleting");
    await deps.dropSessions(sandbox.id, "The sandbox was deleted.", "sandbox_deleted", null);
    try {
      await backend.controlSandbox(sandbox.upstream_id ?? sandbox.id, "delete", AbortSignal.timeout(60_000));
    } catch (error) {
      if (!(error instanceof BackendError) || error.code !== "not_found") {
        await setState(sandbox.id, "failed", sentence(error));
        throw error;
      }
    }
    await setState(sandbox.id, "terminated", null);
  }

  return {
    read,
    create,
    control,
    remove,
    setState,
    append,
    /** Runs a failed setup again, in the background as `create` does. */
    async retrySetup(ref: string, retry: LocalBackend["retrySetup"]): Promise<void> {
      const sandbox = await read(ref);
      if (sandbox.backend_id !== LOCAL_ID) {
        throw new ApiError(400, "unsupported", "Only a sandbox on this machine can run its setup again.");
      }
      refuse(sandbox, "start");
      await setState(sandbox.id, "creating", null);
      void settle(sandbox.id, (signal) =>
        retry(sandbox.upstream_id ?? sandbox.id, { emit: emitter(sandbox.id), signal }),
      );
    },
    async patch(
      ref: string,
      change: { labels?: Record<string, string>; auto_stop_minutes?: number },
    ): Promise<Sandbox> {
      const sandbox = await read(ref);
      await append(
        sandbox.id,
        { event_type: "sandbox_updated", data: change.labels ? { labels: change.labels } : {} },
        {
          ...(change.labels ? { labels: JSON.stringify(change.labels) } : {}),
          ...(change.auto_stop_minutes === undefined ? {} : { auto_stop_minutes: change.auto_stop_minutes }),
        },
      );
      return read(sandbox.id);
    },
    /** Whether this server makes or moves the sandbox right now. */
    isMoving: (sandbox_id: string): boolean => running.has(sandbox_id),
    /** Stops what is being made or moved, for a clean shutdown. */
    async close(): Promise<void> {
      const jobs = [...running.values()];
      for (const { controller } of jobs) controller.abort();
      await Promise.allSettled(jobs.map(({ done }) => done));
    },
  };
}

function sentence(error: unknown): string {
  if (error instanceof BackendError || error instanceof ApiError) return error.message;
  return "Something failed inside Sandbar; its log has more.";
}
