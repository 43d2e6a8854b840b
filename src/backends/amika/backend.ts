import { BackendError } from "#src/backends/backend-error.ts";
import type { Backend, BackendCheck, SandboxView, UpstreamSession } from "#src/backends/backend.ts";
import { stateOfFailure } from "#src/backends/shared/check-state.ts";
import { createHttp, type Fetch } from "#src/backends/shared/http.ts";
import { defaultBackoff } from "#src/backends/shared/retry.ts";
import { listAgents } from "./agents.ts";
import { type AmikaTiming, type Api, type Features, sandboxPath } from "./api.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { hasCode, isNoRoute } from "./errors.ts";
import { controlSandbox, createSandbox, listLifecycleEvents, readSandbox } from "./lifecycle.ts";
import { isBeingDeleted, toSandbox } from "./map-sandbox.ts";
import { toSession } from "./map-session.ts";
import { openSession } from "./open.ts";
import { createSecrets } from "./secrets.ts";
import { checkSpec } from "./spec.ts";
import { createSsh } from "./ssh.ts";
import { Ignored, ServiceItems, WireSandboxes, WireSessions } from "./wire.ts";

export type AmikaConfig = {
  /** Where Amika is, with or without the API's path. */
  url: string;
  token: string | null;
  fetch?: Fetch;
  /** Uniform in [0, 1); spreads retries. */
  random?: () => number;
  /** Milliseconds since the epoch. */
  now?: () => number;
  timing?: Partial<AmikaTiming>;
};

const NOT_THIS_API =
  "This address has no /api/v0beta1/sandboxes. Check the URL: the API of Amika starts there.";

const BASE_PATH = "/api/v0beta1";
const SESSION_PAGE = 100;

const defaultTiming: AmikaTiming = {
  poll_ms: 3_000,
  settle_ms: 30 * 60_000,
  delete_ms: 45_000,
  stale_ms: 15_000,
  send_ms: 11 * 60_000,
  idle_ms: 45_000,
  ask_ms: 4_000,
  lost_ms: 12 * 60_000,
  answered_ms: 30_000,
  backoff: defaultBackoff,
};

/** An Amika organisation, hosted or compatible, as a backend: its sandboxes, their sessions and its secrets. */
export function createAmikaBackend(config: AmikaConfig): Backend {
  const now = config.now ?? Date.now;
  const { token, fetch } = config;
  const base_url = config.url.replace(/\/+$/, "").replace(/\/api\/v0beta1$/, "") + BASE_PATH;
  const http = createHttp({ base_url, token, fetch, now });
  const features: Features = { chats: null, stream: null };
  const timing = { ...defaultTiming, ...config.timing };
  const api: Api = { http, random: config.random ?? Math.random, now, timing, features, links: new Set() };
  const secrets = createSecrets(api);
  /** Sandbar's id of a sandbox that was made here → Amika's, which Sandbar stores only once the sandbox runs. */
  const made = new Map<string, string>();

  async function check(signal: AbortSignal): Promise<BackendCheck> {
    const started = now();
    try {
      await http.json({ path: "/sandboxes", signal }, WireSandboxes);
      const latency_ms = now() - started;
      if (features.chats === null) await probeChats(api, signal);
      return { state: "online", detail: null, version: null, latency_ms };
    } catch (error) {
      return { ...stateOfFailure(error, NOT_THIS_API), version: null, latency_ms: null };
    }
  }

  async function inspect(sandbox_ref: string, what: SandboxView, signal: AbortSignal): Promise<unknown> {
    switch (what) {
      case "services":
        return listServices(api, sandbox_ref, signal);
      case "lifecycle_events":
        return listLifecycleEvents(http, sandbox_ref, signal);
      case "logs":
      case "stats":
        throw new BackendError("unsupported", `Amika's API gives no ${what}.`);
      default:
        return what satisfies never;
    }
  }

  return {
    kind: "amika",
    get capabilities() {
      return capabilitiesOf(features);
    },
    check,
    async listSandboxes(signal) {
      const sandboxes = await http.json({ path: "/sandboxes", signal }, WireSandboxes);
      return sandboxes.filter((sandbox) => !isBeingDeleted(sandbox)).map(toSandbox);
    },
    async getSandbox(sandbox_ref, signal) {
      try {
        return toSandbox(await readSandbox(api, sandbox_ref, signal));
      } catch (error) {
        if (hasCode(error, "not_found")) return null;
        throw error;
      }
    },
    checkSpec,
    createSandbox: (spec, context) =>
      createSandbox(api, spec, context, (ref) => made.set(context.sandbox_id, ref)),
    controlSandbox: (sandbox_ref, action, signal) =>
      // One that is deleted while it is made is known here by Sandbar's id only.
      controlSandbox(api, made.get(sandbox_ref) ?? sandbox_ref, action, signal),
    listAgents: (_, signal) => listAgents(secrets, signal),
    installAgent: () =>
      Promise.reject(
        new BackendError("unsupported", "Claude Code and Codex are part of every Amika sandbox."),
      ),
    listSessions: (sandbox_ref, signal) => listSessions(api, sandbox_ref, signal),
    openSession: (request) => openSession(api, request),
    ssh: createSsh(api),
    secrets,
    inspect,
    close() {
      for (const link of api.links) link.abort(new BackendError("invalid_state", "The backend was closed."));
      api.links.clear();
      return Promise.resolve();
    },
  };
}

/** Finds out whether the server has org-wide chats, of which the stream is a part. */
async function probeChats({ http, features }: Api, signal: AbortSignal): Promise<void> {
  try {
    await http.json({ path: "/agent-sessions", query: { limit: 1 }, signal }, Ignored);
    features.chats = true;
    features.stream ??= true;
  } catch (error) {
    // Any other failure tells nothing; the next check asks again.
    if (!isNoRoute(error)) return;
    features.chats = false;
    features.stream = false;
  }
}

/** The live list where the server has one, else what the sandbox itself says. */
async function listServices(api: Api, sandbox_ref: string, signal: AbortSignal): Promise<unknown[]> {
  try {
    const query = { sandbox_ref };
    return (await api.http.json({ path: "/sandbox-services", query, signal }, ServiceItems)).items;
  } catch (error) {
    if (!isNoRoute(error)) throw error;
    return (await readSandbox(api, sandbox_ref, signal)).services ?? [];
  }
}

async function listSessions(
  { http }: Api,
  sandbox_ref: string,
  signal: AbortSignal,
): Promise<UpstreamSession[]> {
  const found: UpstreamSession[] = [];
  for (;;) {
    const query = { limit: SESSION_PAGE, offset: found.length };
    const { sessions, total } = await http.json(
      { path: sandboxPath(sandbox_ref, "/sessions"), query, signal },
      WireSessions,
    );
    found.push(...sessions.map(toSession));
    if (sessions.length === 0 || found.length >= total) return found;
  }
}
