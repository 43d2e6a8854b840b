import { BackendError } from "#src/backends/backend-error.ts";
import type { Backend, BackendCheck } from "#src/backends/backend.ts";
import type { Backend as BackendView, BackendKind, Capabilities } from "#src/domain/backend.ts";
import { ApiError } from "../errors.ts";
import { getBackendRow, insertBackend, listBackendRows, updateBackend } from "../store/backends.ts";
import type { BackendRow } from "../store/schema.ts";
import { type BackendFactory, type RegistryDeps, tokenOf } from "./deps.ts";
import { LOCAL_ID } from "./local-id.ts";
import { viewBackend } from "./view.ts";

/** How long a check may take before the backend counts as offline, in ms. */
const CHECK_PATIENCE_MS = 10_000;

/** Connected backends: their rows, their adapters, and how they are. */
export type Registry = Awaited<ReturnType<typeof createRegistry>>;

export async function createRegistry(deps: RegistryDeps) {
  const { db } = deps.store;
  const adapters = new Map<string, Backend>([[LOCAL_ID, deps.local]]);
  const at = () => new Date(deps.now()).toISOString();

  if (!(await getBackendRow(db, LOCAL_ID))) {
    await insertBackend(db, { ...blankRow(LOCAL_ID, "local", "This machine", null, at()), state: "online" });
  }
  for (const row of await listBackendRows(db)) {
    if (row.id !== LOCAL_ID && row.paused === 0) adapters.set(row.id, adapterOf(row));
  }

  function adapterOf(row: BackendRow): Backend {
    const factory: BackendFactory | undefined = deps.factories[row.kind as Exclude<BackendKind, "local">];
    if (!factory || row.url === null) {
      throw new ApiError(400, "unsupported", `This version of Sandbar does not speak ${row.kind}.`);
    }
    return factory({ url: row.url, token: tokenOf(deps.vault, row), fetch: deps.fetch });
  }

  async function rowOf(backend_id: string): Promise<BackendRow> {
    const row = await getBackendRow(db, backend_id);
    if (!row || row.removed_at) throw new ApiError(404, "backend_not_found", "There is no such backend.");
    return row;
  }

  async function view(backend_id: string): Promise<BackendView> {
    const row = await rowOf(backend_id);
    const found = (await viewBackend(db, (id) => adapters.get(id)?.capabilities ?? noCapabilities, [row]))[0];
    if (!found) throw new ApiError(404, "backend_not_found", "There is no such backend.");
    return found;
  }

  /** Stores what a check found; an event tells of it only when the state changed. */
  async function record(row: BackendRow, found: BackendCheck): Promise<void> {
    const failed = found.state !== "online" && found.state !== "paused";
    const patch: Partial<BackendRow> = {
      state: found.state,
      state_detail: found.detail,
      version: found.version ?? row.version,
      latency_ms: found.latency_ms,
      checked_at: at(),
      ...(failed && found.detail ? { last_error_message: found.detail, last_error_at: at() } : {}),
    };
    if (found.state === row.state && found.detail === row.state_detail) {
      await updateBackend(db, row.id, patch);
      return;
    }
    await announce(row, found.state, found.detail, patch);
  }

  async function announce(
    row: BackendRow,
    to: BackendView["state"] | null,
    detail: string | null,
    patch: Partial<BackendRow>,
  ): Promise<void> {
    await deps.hub.append(
      [
        {
          sandbox_id: null,
          session_id: null,
          event: {
            event_type: "backend_state_changed",
            data: { backend_id: row.id, from: row.state, to, detail },
          },
        },
      ],
      { alongside: (tx) => updateBackend(tx, row.id, patch) },
    );
  }

  /** Asks a backend how it is, and stores it. A check that `signal` ends tells nothing of the backend. */
  async function check(backend_id: string, signal?: AbortSignal): Promise<BackendView> {
    const row = await rowOf(backend_id);
    const adapter = adapters.get(backend_id);
    if (adapter && row.paused === 0) {
      const patience = AbortSignal.timeout(CHECK_PATIENCE_MS);
      const found = await adapter.check(signal ? AbortSignal.any([signal, patience]) : patience);
      if (!signal?.aborted) await record(row, found);
    }
    return view(backend_id);
  }

  return {
    /** The adapter of a backend; throws when it is gone or paused. */
    adapter(backend_id: string): Backend {
      const adapter = adapters.get(backend_id);
      if (adapter) return adapter;
      throw new ApiError(
        409,
        "backend_paused",
        "This backend is paused or was removed. Resume or connect it first.",
      );
    },
    connected: (): [string, Backend][] => [...adapters],
    view,
    check,
    async list(): Promise<BackendView[]> {
      const rows = await listBackendRows(db);
      return viewBackend(db, (id) => adapters.get(id)?.capabilities ?? noCapabilities, rows);
    },
    async connect(wanted: {
      kind: Exclude<BackendKind, "local">;
      url: string;
      token?: string;
      name?: string;
    }): Promise<BackendView> {
      const url = new URL(wanted.url);
      const row = blankRow(
        deps.newId(),
        wanted.kind,
        wanted.name ?? url.host,
        wanted.url.replace(/\/+$/, ""),
        at(),
      );
      row.token_sealed = wanted.token ? deps.vault.seal(wanted.token, `backends/${row.id}`) : null;
      const adapter = adapterOf(row);
      const found = await adapter.check(AbortSignal.timeout(CHECK_PATIENCE_MS));
      if (found.state === "offline" || found.state === "unauthorized") {
        await adapter.close();
        throw new BackendError(
          found.state === "offline" ? "unreachable" : "unauthorized",
          found.detail ?? "It does not answer.",
        );
      }
      adapters.set(row.id, adapter);
      await insertBackend(db, row);
      await record(row, found);
      return view(row.id);
    },
    async patch(
      backend_id: string,
      change: { name?: string; url?: string; token?: string | null; paused?: boolean },
    ): Promise<BackendView> {
      const row = await rowOf(backend_id);
      if (backend_id === LOCAL_ID && (change.url ?? change.token ?? change.paused) !== undefined) {
        throw new ApiError(400, "unsupported", "The local backend has no address, no token and no pause.");
      }
      const patch: Partial<BackendRow> = {
        updated_at: at(),
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.url === undefined ? {} : { url: change.url.replace(/\/+$/, "") }),
        ...(change.token === undefined
          ? {}
          : {
              token_sealed:
                change.token === null ? null : deps.vault.seal(change.token, `backends/${row.id}`),
            }),
        ...(change.paused === undefined ? {} : { paused: change.paused ? 1 : 0 }),
      };
      const next = { ...row, ...patch };
      if (change.url !== undefined || change.token !== undefined || change.paused !== undefined) {
        await adapters.get(backend_id)?.close();
        adapters.delete(backend_id);
        if (next.paused === 0) adapters.set(backend_id, adapterOf(next));
      }
      const state = next.paused === 1 ? "paused" : row.paused === 1 ? "offline" : row.state;
      const detail = next.paused === 1 ? "Paused by hand" : row.paused === 1 ? null : row.state_detail;
      await announce(row, state, detail, { ...patch, state, state_detail: detail });
      return next.paused === 1 ? view(backend_id) : check(backend_id);
    },
    async remove(backend_id: string): Promise<void> {
      if (backend_id === LOCAL_ID)
        throw new ApiError(400, "unsupported", "The local backend cannot be removed.");
      const row = await rowOf(backend_id);
      await adapters.get(backend_id)?.close();
      adapters.delete(backend_id);
      await announce(row, null, "Removed", { removed_at: at(), token_sealed: null, state: "offline" });
    },
    async close(): Promise<void> {
      await Promise.allSettled([...adapters.values()].map((adapter) => adapter.close()));
    },
  };
}

const noCapabilities: Capabilities = {
  sandboxes: {
    create: false,
    start: false,
    stop: false,
    pause: false,
    delete: false,
    ssh: false,
    logs: false,
    stats: false,
    exec: false,
    files: false,
    arrange_files: false,
    services: false,
    lifecycle_events: false,
  },
  sources: [],
  spec_fields: [],
  agents: { list: false, install: false },
  sessions: {
    create: false,
    discover: false,
    resume: false,
    end: false,
    live_events: false,
    options: false,
    queue: false,
    interrupt: false,
    permissions: false,
    reject_message: false,
    always: false,
    questions: false,
    attachments: [],
    max_attachment_bytes: 0,
    mcp: false,
    skills: false,
  },
  secrets: { list: false, create: false, update: false, delete: false },
  provider_secrets: [],
  notes: { all: "This backend is paused." },
};

function blankRow(id: string, kind: BackendKind, name: string, url: string | null, at: string): BackendRow {
  return {
    id,
    kind,
    name,
    url,
    token_sealed: null,
    paused: 0,
    state: "offline",
    state_detail: null,
    version: null,
    latency_ms: null,
    last_error_message: null,
    last_error_at: null,
    checked_at: null,
    created_at: at,
    updated_at: at,
    removed_at: null,
  };
}
