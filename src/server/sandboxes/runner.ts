import { mkdir } from "node:fs/promises";
import type { CreateContext } from "#src/backends/backend.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { SandboxName, type SandboxSpec } from "#src/domain/sandbox.ts";
import type { AgentProcessExit } from "./agent-process.ts";
import { explainFailure } from "./failure-sentence.ts";
import { gitSources } from "./git-source.ts";
import type { LaunchConfig, RunningSandbox, SandboxContext, SandboxValues } from "./launch.ts";
import { launchSandbox, sandboxContext } from "./launch.ts";
import { sandboxLayout } from "./layout.ts";
import { createLocks } from "./locks.ts";
import { endProcesses, sandboxProcesses } from "./processes.ts";
import { provision } from "./provision.ts";
import { type LeftBehind, reap } from "./reaper.ts";
import { type SandboxRecord, createRecordStore, unknownSandbox } from "./record.ts";
import { removeSandboxFolder, removeTrash } from "./remove-folder.ts";
import { createStepRunner } from "./steps.ts";

export type RunnerConfig = LaunchConfig & {
  /** The clock, in milliseconds since the epoch. */
  now: () => number;
  /** The variables and secrets of a sandbox, asked for at each start after the first. */
  valuesOf: (sandbox_id: string) => Promise<SandboxValues>;
};

export type SetupContext = Pick<CreateContext, "emit" | "signal">;
export type ExitListener = (sandbox_id: string, reason: string, stderr_tail: string) => void;

/** Makes, starts, stops and removes local sandboxes, one thing at a time for each of them. */
export type Runner = {
  /** @throws BackendError; a sandbox that got as far as a folder stays, `failed`, for a retry or a delete. */
  create(spec: SandboxSpec, context: CreateContext): Promise<SandboxRecord>;
  /** Goes on where a failed `create` ended. */
  retrySetup(sandbox_id: string, context: SetupContext): Promise<SandboxRecord>;
  start(sandbox_id: string, signal: AbortSignal): Promise<void>;
  stop(sandbox_id: string): Promise<void>;
  /** Cuts short what is under way, ends every process, removes the folder. No error when there is none. */
  remove(sandbox_id: string): Promise<void>;
  running(sandbox_id: string): RunningSandbox | null;
  record(sandbox_id: string): Promise<SandboxRecord | null>;
  ids(): Promise<string[]>;
  /** Call once before anything else: cleans up after a crash. */
  recover(): Promise<LeftBehind[]>;
  /** Calls back when an agent server ends and nobody asked it to; returns how to stop listening. */
  onExit(listener: ExitListener): () => void;
  close(): Promise<void>;
};

export function createRunner(config: RunnerConfig): Runner {
  const { dataDir, logger } = config;
  const records = createRecordStore(dataDir);
  const locks = createLocks();
  const live = new Map<string, RunningSandbox>();
  const making = new Map<string, AbortController>();
  const listeners = new Set<ExitListener>();

  async function knownRecord(id: string): Promise<SandboxRecord> {
    const record = await records.read(id);
    if (!record) throw unknownSandbox(id);
    return record;
  }

  /** Ends whatever runs, records why, and throws it as a `BackendError`. */
  async function fail(id: string, error: unknown, doing: string): Promise<never> {
    const failure = explainFailure(error, doing);
    await takeDown(id);
    // What is left in the background: a failed script's, or an agent server that never came up.
    await endProcesses(() => sandboxProcesses(id, null), { leave_ms: 0, term_ms: 1000, kill_ms: 5000 });
    try {
      await records.update(id, { state: "failed", state_detail: failure.message, process: null });
    } catch (unrecorded) {
      // A full disk, most likely: the caller still gets the first failure.
      logger.error({ sandbox_id: id, error: unrecorded }, "a sandbox's failure could not be recorded");
    }
    throw failure;
  }

  /** Fills the folder and starts the agent server, so that `remove` can cut it short. */
  async function make(
    record: SandboxRecord,
    values: SandboxValues,
    context: SetupContext,
  ): Promise<SandboxRecord> {
    const { id } = record;
    const controller = new AbortController();
    making.set(id, controller);
    const signal = AbortSignal.any([context.signal, controller.signal]);
    const runStep = createStepRunner(context.emit);
    try {
      const parts = await sandboxContext(dataDir, record, values);
      await provision(record, {
        ...parts,
        dataDir,
        runStep,
        emit: context.emit,
        now: config.now,
        signal,
        save: (progress) => records.update(id, progress),
      });
      await runStep("start_sandbox", "starting the agent server", async () => {
        await bringUp(id, parts, signal);
        return null;
      });
      return await knownRecord(id);
    } catch (error) {
      return await fail(id, error, "making the sandbox");
    } finally {
      making.delete(id);
    }
  }

  async function bringUp(id: string, parts: SandboxContext, signal: AbortSignal): Promise<void> {
    const running = await launchSandbox(id, parts, config, {
      signal,
      onSpawned: async (record) => {
        await records.update(id, { process: record });
      },
    });
    live.set(id, running);
    await records.update(id, { state: "running", state_detail: null });
    void running.process.exited.then((exit) => noticeExit(id, running, exit));
  }

  async function noticeExit(id: string, running: RunningSandbox, exit: AgentProcessExit): Promise<void> {
    if (live.get(id) !== running) return;
    live.delete(id);
    logger.error({ sandbox_id: id, reason: exit.reason }, "an agent server ended unexpectedly");
    try {
      const recorded = await locks.hold(id, async () => {
        await running.process.stop();
        if ((await records.read(id))?.process?.pid !== running.process.record.pid) return false;
        await records.update(id, { state: "failed", state_detail: exit.reason, process: null });
        return true;
      });
      if (recorded) for (const listener of listeners) listener(id, exit.reason, exit.stderr_tail);
    } catch (error) {
      logger.error({ sandbox_id: id, error }, "the end of an agent server could not be recorded");
    }
  }

  async function takeDown(id: string): Promise<void> {
    const running = live.get(id);
    live.delete(id);
    await running?.process.stop();
  }

  async function shutDown(id: string): Promise<void> {
    if (!live.has(id)) return;
    await takeDown(id);
    await records.update(id, { state: "stopped", state_detail: "Sandbar was stopped.", process: null });
  }

  async function begin(spec: SandboxSpec, context: CreateContext): Promise<SandboxRecord> {
    const record = newRecord(spec, context, config.now());
    const { root, files } = sandboxLayout(dataDir, record.id);
    const runStep = createStepRunner(context.emit);
    await runStep("validate", "checking the request", async () => {
      validate(spec, context.name);
      if (await records.read(record.id))
        throw new BackendError("already_exists", `There is a sandbox ${record.id}.`);
      return null;
    });
    await runStep("create_sandbox", "making its folder", async () => {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await records.write(record);
      await mkdir(files, { recursive: true });
      return files;
    });
    return record;
  }

  async function startAgain(id: string, signal: AbortSignal): Promise<void> {
    if (live.has(id)) return;
    const record = await knownRecord(id);
    if (!record.files_ready || !record.setup_done) {
      const why = record.state_detail ?? "Its setup has not ended.";
      throw new BackendError("invalid_state", `${why} Run its setup again before starting it.`);
    }
    try {
      await bringUp(id, await sandboxContext(dataDir, record, await config.valuesOf(id)), signal);
    } catch (error) {
      await fail(id, error, "starting the agent server");
    }
  }

  return {
    create: (spec, context) =>
      locks.hold(context.sandbox_id, async () => {
        const record = await begin(spec, context);
        return make(record, { ...context, env_vars: spec.env_vars }, context);
      }),
    retrySetup: (id, context) =>
      locks.hold(id, async () => {
        if (live.has(id)) throw new BackendError("invalid_state", "The sandbox runs; its setup is done.");
        const record = await records.update(id, { state: "creating", state_detail: null });
        return make(record, await config.valuesOf(id), context);
      }),
    start: (id, signal) => locks.hold(id, () => startAgain(id, signal)),
    stop: (id) =>
      locks.hold(id, async () => {
        await takeDown(id);
        await records.update(id, { state: "stopped", state_detail: null, process: null });
      }),
    remove: async (id) => {
      const { root } = sandboxLayout(dataDir, id);
      making
        .get(id)
        ?.abort(new BackendError("invalid_state", "The sandbox was deleted while it was being made."));
      await locks.hold(id, async () => {
        await takeDown(id);
        await removeSandboxFolder(dataDir, root).catch((error: unknown) => {
          throw explainFailure(error, "removing the sandbox's folder");
        });
      });
    },
    running: (id) => live.get(id) ?? null,
    record: (id) => records.read(id),
    ids: () => records.ids(),
    async recover() {
      const resisting = await removeTrash(dataDir);
      for (const folder of resisting) logger.warn({ folder }, "a deleted sandbox's folder cannot be removed");
      return reap(records, logger);
    },
    onExit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      for (const controller of making.values())
        controller.abort(new BackendError("invalid_state", "Sandbar ended."));
      const ids = new Set([...live.keys(), ...making.keys()]);
      await Promise.all([...ids].map((id) => locks.hold(id, () => shutDown(id))));
    },
  };
}

/** Refuses what can never work before anything is made; what a retry may cure is left to its own step. */
function validate(spec: SandboxSpec, name: string): void {
  const checked = SandboxName.safeParse(name);
  if (!checked.success) {
    throw new BackendError(
      "invalid_request",
      `"${name}" is no sandbox name: ${checked.error.issues[0]?.message}.`,
    );
  }
  gitSources(spec);
}

function newRecord(spec: SandboxSpec, { sandbox_id, name }: CreateContext, now: number): SandboxRecord {
  return {
    id: sandbox_id,
    name,
    created_at: new Date(now).toISOString(),
    state: "creating",
    state_detail: null,
    spec: { ...spec, env_vars: {} },
    files_ready: false,
    setup_done: false,
    process: null,
  };
}
