import { BackendError } from "#src/backends/backend-error.ts";
import type { CreateContext, SandboxControl, UpstreamSandbox } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { wait } from "#src/backends/shared/retry.ts";
import { type SandboxSpec, SandboxState } from "#src/domain/sandbox.ts";
import { refine } from "./errors.ts";
import { followStream, type FollowTiming } from "./follow.ts";
import { createSteps } from "./map-provisioning.ts";
import type { Flavour } from "./memory.ts";
import { Ignored, SandboxCreated, SandboxInfo, SandboxList } from "./wire.ts";

export type SandboxTiming = FollowTiming & {
  /** Between two looks at a sandbox that changes its state, in ms. */
  poll_ms: number;
  /** How long a sandbox may take to come up, in ms. */
  provision_ms: number;
};

export type SandboxesConfig = {
  http: Http;
  random: () => number;
  now: () => number;
  timing: SandboxTiming;
};

/** Sandboxes of the upstream, with their lifecycle (spec 2). */
export function createSandboxes({ http, random, now, timing }: SandboxesConfig) {
  const pathOf = (ref: string): string => `/sandboxes/${encodeURIComponent(ref)}`;

  async function get(ref: string, signal: AbortSignal): Promise<UpstreamSandbox | null> {
    try {
      return fromWire(await http.json({ path: pathOf(ref), signal }, SandboxInfo));
    } catch (error) {
      if (error instanceof BackendError && error.code === "not_found") return null;
      throw error;
    }
  }

  /** Looks until the sandbox is in a state that stays. */
  async function settled(ref: string, signal: AbortSignal): Promise<UpstreamSandbox> {
    const until = now() + timing.provision_ms;
    for (;;) {
      const sandbox = await get(ref, signal);
      if (!sandbox) throw new BackendError("not_found", "The server does not know this sandbox any more.");
      if (!PASSING.has(sandbox.state)) return sandbox;
      if (now() > until)
        throw new BackendError("timeout", `The sandbox is still ${sandbox.state}. Look again later.`);
      await wait(timing.poll_ms, signal);
    }
  }

  async function create(
    spec: SandboxSpec,
    flavour: Flavour,
    context: CreateContext,
  ): Promise<UpstreamSandbox> {
    const { signal, emit } = context;
    const body = specToWire(spec, flavour, context);
    const ref = await http
      .json({ method: "POST", path: "/sandboxes", body, private_body: true, signal }, SandboxCreated)
      .catch((error: unknown) => {
        throw refine(error);
      });
    const steps = createSteps();
    const following = new AbortController();
    // Progress is for the eye; whether the sandbox is up is asked, so a stream that fails spoils nothing.
    const { lost } = followStream({
      http,
      path: `${pathOf(ref)}/stream`,
      cursor: flavour === "sandbar" ? "0" : null,
      random,
      timing,
      signal: AbortSignal.any([signal, following.signal]),
      onEnvelope: (envelope) => steps.take(envelope).forEach(emit),
      onJunk: () => {},
      missed: () => noEvents(),
    });
    const progress = lost.catch(() => undefined);
    try {
      const sandbox = await settled(ref, signal);
      steps.finish(sandbox.state === "running").forEach(emit);
      if (sandbox.state === "running") return sandbox;
      const why = steps.failure() ?? sandbox.state_detail ?? "It gave no reason.";
      throw new BackendError("upstream_error", `The sandbox is ${sandbox.state}: ${why}`);
    } finally {
      following.abort();
      await progress;
    }
  }

  async function control(ref: string, action: SandboxControl, signal: AbortSignal): Promise<void> {
    try {
      if (action === "delete") {
        await http.json({ method: "DELETE", path: pathOf(ref), timeout_ms: 120_000, signal }, Ignored);
        return;
      }
      await http.json(
        { method: "POST", path: `${pathOf(ref)}/${action}`, timeout_ms: 120_000, signal },
        Ignored,
      );
    } catch (error) {
      const gone = error instanceof BackendError && error.code === "not_found" && action === "delete";
      if (gone) return;
      throw refine(error);
    }
    const { state, state_detail } = await settled(ref, signal);
    if (state === "failed")
      throw new BackendError("upstream_error", `The sandbox failed: ${state_detail ?? "it gave no reason."}`);
  }

  return {
    get,
    create,
    control,
    async list(signal: AbortSignal): Promise<UpstreamSandbox[]> {
      return (await http.json({ path: "/sandboxes", signal }, SandboxList)).map(fromWire);
    },
  };
}

async function* noEvents(): AsyncGenerator<never> {}

const PASSING: ReadonlySet<SandboxState> = new Set<SandboxState>([
  "pending",
  "creating",
  "pausing",
  "stopping",
]);

/** A state that nobody knows is kept as a detail. `spec` is left out: it echoes environment values in clear text. */
export function fromWire(info: SandboxInfo): UpstreamSandbox {
  const state = SandboxState.safeParse(info.state).data;
  return {
    ref: info.id,
    name: info.name ?? info.id,
    state: state ?? "running",
    state_detail: state ? (info.state_detail ?? null) : info.state,
    agent_provider: info.agent_provider ?? "",
    endpoint_url: info.endpoint_url ?? null,
    labels: info.labels ?? {},
    persistence: info.persistence ?? "ephemeral",
    directory: info.directory ?? null,
    repository: info.repository ?? null,
    branch: info.branch ?? null,
    ...(info.created_at && { created_at: info.created_at }),
  };
}

/** The body that makes a sandbox: Sandbar's own spec, or the API's (spec 2), with secrets as plain variables. */
export function specToWire(
  spec: SandboxSpec,
  flavour: Flavour,
  { name, secret_values }: Pick<CreateContext, "name" | "secret_values">,
): Record<string, unknown> {
  const { backend_id: _, secret_env_vars: __, extra, env_vars, source, setup_script, ...rest } = spec;
  const body = { ...rest, ...extra, name, env_vars: { ...env_vars, ...secret_values } };
  if (flavour === "sandbar") return { ...body, source, setup_script };
  const repository = source?.type === "git" ? [{ url: source.url, branch: source.branch }] : [];
  return {
    ...body,
    git_repos: [...repository, ...(spec.git_repos ?? [])],
    provisioning_scripts: setup_script ? [setup_script] : [],
  };
}
