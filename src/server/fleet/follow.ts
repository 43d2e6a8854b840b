import type { Backend, UpstreamSandbox, UpstreamSession } from "#src/backends/backend.ts";
import { backoffDelay } from "#src/lib/backoff.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import type { Registry } from "../backends/registry.ts";
import { insertSandbox, listLiveSandboxRows } from "../store/sandboxes.ts";
import type { SandboxRow } from "../store/schema.ts";
import { insertSession, updateSession } from "../store/sessions.ts";
import type { FleetDeps } from "./deps.ts";
import { upstreamPatch } from "./rows.ts";
import type { Fleet } from "./service.ts";
import { discoveredRow } from "./discovered.ts";

/** How often a backend that answers is asked again, in ms; one that does not is asked ever more rarely. */
const POLL_MS = 15_000;
const POLL_MAX_MS = 120_000;
const PATIENCE_MS = 20_000;

type Following = {
  timer: ReturnType<typeof setTimeout> | null;
  failures: number;
  busy: Promise<void> | null;
  /** The look that goes on now was asked for by somebody. */
  fresh: boolean;
};

/**
 * Keeps the rows of remote sandboxes and sessions true: one loop per backend, so one that is down slows no other. This is
 * the one owner of retry for what is not a session's own stream.
 */
export function createFollower(
  deps: FleetDeps,
  fleet: Fleet,
  registry: Pick<Registry, "check" | "connected">,
) {
  const followed = new Map<string, Following>();
  const closing = new AbortController();

  async function follow(backend_id: string, backend: Backend, fresh: boolean): Promise<boolean> {
    const { state } = await registry.check(backend_id, closing.signal);
    if (state !== "online" && state !== "degraded") return false;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const before = await listLiveSandboxRows(deps.store.db, backend_id);
    const found = await backend.listSandboxes(signal);
    // It was removed, paused or given another address while it was asked.
    if (!registry.connected().some(([, connected]) => connected === backend)) return true;
    const rows = await listLiveSandboxRows(deps.store.db, backend_id);
    // What this server did with a sandbox while it was asked is newer than the answer.
    const known = rows.filter((row) => !fleet.isMoving(row.id) && before.some((old) => isSame(old, row)));
    for (const upstream of found) {
      const row = rows.find(({ upstream_id }) => upstream_id === upstream.ref);
      if (!row && rows.some((made) => isBeingMade(made, upstream))) continue;
      if (!row) await adopt(backend_id, upstream);
      else if (known.includes(row)) await update(row, upstream);
    }
    for (const row of known) {
      if (!row.upstream_id || found.some(({ ref }) => ref === row.upstream_id)) continue;
      await deps.dropSessions(
        row.id,
        "The backend does not know this sandbox any more.",
        "sandbox_gone",
        null,
      );
      await fleet.setState(row.id, "terminated", "The backend does not know it any more");
    }
    await deps.resumeTurns(backend_id);
    if (backend.capabilities.sessions.discover) await discover(backend_id, backend, fresh, signal);
    return true;
  }

  /** Takes over what the upstream says, unless this server is moving the sandbox itself. */
  async function update(row: SandboxRow, upstream: UpstreamSandbox): Promise<void> {
    const detail = upstream.state_detail ?? null;
    if (fleet.isMoving(row.id) || (row.state === upstream.state && row.state_detail === detail)) return;
    if (row.state === "running" && upstream.state !== "running") {
      await deps.dropSessions(row.id, `The sandbox is ${upstream.state} now.`, "sandbox_stopped", null);
    }
    await fleet.setState(row.id, upstream.state, detail, upstreamPatch(upstream));
  }

  async function adopt(backend_id: string, upstream: UpstreamSandbox): Promise<void> {
    const at = new Date(deps.now()).toISOString();
    const taken = await deps.store.db
      .selectFrom("sandboxes")
      .select("id")
      .where("name", "=", upstream.name)
      .where("state", "!=", "terminated")
      .executeTakeFirst();
    const id = deps.newId();
    const row = discoveredRow(
      id,
      backend_id,
      upstream,
      taken ? `${upstream.name}-${id.slice(0, 4)}` : upstream.name,
      at,
    );
    await deps.hub.append(
      [
        {
          sandbox_id: id,
          session_id: null,
          event: { event_type: "sandbox_created", data: { sandbox_id: id, name: row.name } },
        },
      ],
      { alongside: (tx) => insertSandbox(tx, row) },
    );
  }

  /** Finds sessions that other clients made; they are opened when somebody looks at them. */
  async function discover(
    backend_id: string,
    backend: Backend,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { db } = deps.store;
    const sandboxes = await db
      .selectFrom("sandboxes")
      .select(["id", "upstream_id"])
      .where("backend_id", "=", backend_id)
      .where("state", "=", "running")
      .execute();
    for (const { id, upstream_id } of sandboxes) {
      if (!upstream_id) continue;
      const found = await backend.listSessions(upstream_id, signal, fresh);
      // One of these may be what is being made here and has no name there yet; the next look tells.
      if (deps.isOpening(id)) continue;
      const known = await db
        .selectFrom("sessions")
        .select(["id", "upstream_ref", "title"])
        .where("sandbox_id", "=", id)
        .execute();
      for (const session of found) {
        const row = known.find(({ upstream_ref }) => upstream_ref === session.ref);
        if (!row) await adoptSession(backend_id, id, session);
        else if (row.title === "" && session.title) await nameSession(id, row.id, session.title);
      }
    }
  }

  /** Agents name a session after its first turn, which may be long after it was found. */
  async function nameSession(sandbox_id: string, session_id: string, title: string): Promise<void> {
    await deps.hub.append(
      [{ sandbox_id, session_id, event: { event_type: "session_updated", data: { title } } }],
      { alongside: (tx) => updateSession(tx, session_id, { title }) },
    );
  }

  async function adoptSession(
    backend_id: string,
    sandbox_id: string,
    session: UpstreamSession,
  ): Promise<void> {
    const id = deps.newId();
    const title = session.title ?? "";
    const at = session.created_at ?? new Date(deps.now()).toISOString();
    await deps.hub.append(
      [
        {
          sandbox_id,
          session_id: id,
          event: { event_type: "session_created", data: { session_id: id, agent: session.agent, title } },
        },
      ],
      {
        alongside: (tx) =>
          insertSession(tx, {
            id,
            sandbox_id,
            backend_id,
            agent: session.agent,
            title,
            options: [],
            metadata: session.metadata ?? {},
            directory: typeof session.metadata?.directory === "string" ? session.metadata.directory : null,
            upstream_ref: session.ref,
            at,
          }),
      },
    );
  }

  function schedule(backend_id: string, following: Following): void {
    if (closing.signal.aborted) return;
    const delay =
      following.failures === 0
        ? POLL_MS
        : backoffDelay(following.failures, { base_ms: POLL_MS, max_ms: POLL_MAX_MS }, Math.random);
    following.timer = setTimeout(() => void poll(backend_id, false), delay);
  }

  function poll(backend_id: string, fresh: boolean): Promise<void> {
    const following = followed.get(backend_id) ?? { timer: null, failures: 0, busy: null, fresh };
    followed.set(backend_id, following);
    if (following.busy && fresh && !following.fresh) return following.busy.then(() => poll(backend_id, true));
    if (following.timer) clearTimeout(following.timer);
    following.busy ??= (async () => {
      following.fresh = fresh;
      const backend = registry.connected().find(([id]) => id === backend_id)?.[1];
      if (!backend) {
        followed.delete(backend_id);
        return;
      }
      try {
        following.failures = (await follow(backend_id, backend, fresh)) ? 0 : following.failures + 1;
      } catch (error) {
        following.failures += 1;
        if (!closing.signal.aborted)
          deps.logger.warn({ backend_id, error }, "a backend could not be followed");
      }
      following.busy = null;
      schedule(backend_id, following);
    })();
    return following.busy;
  }

  return {
    /** Follows every connected backend but the local one, which reports by itself. */
    start(): void {
      for (const [id] of registry.connected()) if (id !== LOCAL_ID) void poll(id, false);
    },
    /** Looks now: after a connection was made or changed, or when somebody asks. */
    now: (backend_id: string): Promise<void> =>
      backend_id === LOCAL_ID ? Promise.resolve() : poll(backend_id, true),
    /** Looks now, for a sign of trouble or of its end; nobody waits for what is found. */
    soon: (backend_id: string): Promise<void> =>
      backend_id === LOCAL_ID || closing.signal.aborted ? Promise.resolve() : poll(backend_id, false),
    /** Stops at once, also while a backend takes its time. */
    async close(): Promise<void> {
      closing.abort();
      for (const { timer } of followed.values()) if (timer) clearTimeout(timer);
      await Promise.allSettled([...followed.values()].flatMap(({ busy }) => busy ?? []));
    },
  };
}

/** Whether nothing was stored of a sandbox between the two. */
function isSame(before: SandboxRow, after: SandboxRow): boolean {
  return (
    before.id === after.id &&
    before.state === after.state &&
    before.upstream_id === after.upstream_id &&
    before.updated_at === after.updated_at
  );
}

/** Whether a sandbox that is listed is the one that a row waits for: its id is stored only once it is usable. */
function isBeingMade({ upstream_id, state, name }: SandboxRow, upstream: UpstreamSandbox): boolean {
  return upstream_id === null && (state === "pending" || state === "creating") && name === upstream.name;
}
