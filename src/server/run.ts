import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { serve, type ServerType } from "@hono/node-server";
import { createAmikaBackend } from "#src/backends/amika/backend.ts";
import { createSandboxAgentRestBackend } from "#src/backends/sandbox-agent-rest/backend.ts";
import { createSandboxAgentBackend } from "#src/backends/sandbox-agent/backend.ts";
import { createSessionsApiBackend } from "#src/backends/sessions-api/backend.ts";
import { createApp } from "./app.ts";
import { createAuth } from "./auth/auth.ts";
import { LOCAL_ID } from "./backends/local-id.ts";
import { createGuardedFetch } from "./backends/guarded-fetch.ts";
import { createProbe } from "./backends/probe.ts";
import { createRegistry } from "./backends/registry.ts";
import type { Config } from "./config.ts";
import { createCoalescer } from "./events/coalesce.ts";
import { createHub } from "./events/hub.ts";
import { createAutoStop } from "./fleet/auto-stop.ts";
import { createFollower } from "./fleet/follow.ts";
import { recoverFleet } from "./fleet/recover.ts";
import { valuesOf } from "./fleet/resolve-secrets.ts";
import { createFleet, type Fleet } from "./fleet/service.ts";
import { addressOf, closeServer, listen } from "./http/listen.ts";
import { lockDataDir } from "./lock.ts";
import { createLogger, type Logger } from "./logger.ts";
import type { Services } from "./routes/services.ts";
import { createLocalBackend } from "./sandboxes/local-backend.ts";
import { createSecretService } from "./secrets/service.ts";
import { createExchanges } from "./sessions/exchanges.ts";
import { createSessionService } from "./sessions/service.ts";
import { createTranscripts } from "./sessions/transcripts.ts";
import { openStore } from "./store/open.ts";
import { listLiveSandboxRows } from "./store/sandboxes.ts";
import type { Db } from "./store/schema.ts";
import { loadKeys } from "./vault/key.ts";
import { resealAll } from "./vault/reseal.ts";
import { createVault } from "./vault/vault.ts";

export type RunningServer = { close(signal: string): Promise<void> };

/** Starts everything in the order of its needs, prints the sign-in link, and gives back how to end it. */
export async function runServer(
  config: Config,
  { version, root }: { version: string; root: string },
): Promise<RunningServer> {
  const logger = createLogger(config.log_level);
  const lock = lockDataDir(config.data_dir, { pid: process.pid, now: () => new Date() });
  const store = await openStore(join(config.data_dir, "sandbar.db"));
  const vault = createVault(loadKeys(config.data_dir, config.key));
  await resealAll(store.db, vault);
  const now = () => Date.now();
  const hub = await createHub({
    store,
    now: () => new Date(),
    onHealthChange: (health) =>
      logger.error({ health }, health.ok ? "the store works again" : "the store fails"),
    onListenerError: (error) => logger.error({ error }, "a listener failed"),
  });
  const control_token = randomBytes(32).toString("base64url");
  const auth = createAuth({
    store,
    now: () => new Date(),
    newId: randomUUID,
    user_name: userInfo().username,
    given_tokens: { ...(config.token ? { environment: config.token } : {}), "command line": control_token },
  });

  let server: ServerType | null = null;
  const address = () => addressOf(server);
  const guardedFetch = createGuardedFetch({ own: address });
  const local = createLocalBackend({
    dataDir: config.data_dir,
    mockAgentPath: join(root, "mock-agent.js"),
    nodePath: process.execPath,
    logger,
    now,
    valuesOf: (sandbox_id) => valuesOf({ store, vault, now }, sandbox_id),
  });
  const left = await local.recover();
  const registry = await createRegistry({
    store,
    hub,
    vault,
    local,
    factories: {
      sandbox_agent: createSandboxAgentBackend,
      sandbox_agent_rest: createSandboxAgentRestBackend,
      sessions_api: createSessionsApiBackend,
      amika: createAmikaBackend,
    },
    fetch: guardedFetch,
    logger,
    newId: randomUUID,
    now,
  });
  const exchanges = createExchanges();
  const sessions = createSessionService({
    store,
    hub,
    backendOf: registry.adapter,
    coalesce: createCoalescer,
    silenceMs: config.turn_silence_minutes * 60_000,
    lookAt: (backend_id) => void follower.soon(backend_id),
    exchanges,
    logger,
    newId: randomUUID,
    now,
  });
  const fleetDeps = {
    store,
    hub,
    vault,
    backendOf: registry.adapter,
    dropSessions: sessions.dropSandbox,
    isOpening: sessions.isOpening,
    resumeTurns: sessions.resumeTurns,
    logger,
    newId: randomUUID,
    now,
  };
  const fleet = createFleet(fleetDeps);
  const follower = createFollower(fleetDeps, fleet, registry);
  const autoStop = createAutoStop(fleetDeps, fleet);
  await recoverFleet(fleetDeps, fleet, sessions, local, left);
  local.onSandboxExit((sandbox_id, reason, stderr) => {
    sessions
      .dropSandbox(sandbox_id, reason, "sandbox_died", stderr)
      .then(() => fleet.setState(sandbox_id, "failed", reason))
      .catch((error: unknown) => logger.error({ sandbox_id, error }, "a dead sandbox could not be recorded"));
  });

  const services: Services = {
    config,
    version,
    started_at: new Date().toISOString(),
    agent_server_version: (await registry.check(LOCAL_ID)).version,
    store,
    hub,
    vault,
    auth,
    registry,
    fleet,
    follower,
    sessions,
    secrets: createSecretService({ store, vault, hub, registry, newId: randomUUID, now }),
    transcripts: createTranscripts({
      hub,
      db: store.db,
      onError: (error) => logger.error({ error }, "a transcript could not be stored"),
    }),
    exchanges,
    probe: createProbe(guardedFetch),
    local,
    logger,
    now,
    newId: randomUUID,
    origin: () => process.env.SANDBAR_PAGE_ORIGIN ?? originOf(config.host, address()?.port ?? config.port),
  };
  const app = createApp(services, { pageFolder: join(root, "../web") });
  server = await listen(() => serve({ fetch: app.fetch, hostname: config.host, port: config.port }), config);
  lock.announce({ port: address()?.port ?? config.port, control_token });
  follower.start();
  autoStop.start();

  const printLink = (): string => {
    const link = `${services.origin()}/sign-in#${auth.newCode().code}`;
    process.stdout.write(`\n  Sandbar is ready. Sign in with this link, which works once:\n\n  ${link}\n\n`);
    return link;
  };
  const link = printLink();
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin }) : null;
  terminal?.on("line", printLink);
  if (config.open) openInBrowser(link, logger);

  return {
    async close(signal) {
      logger.info({ signal }, "stopping");
      terminal?.close();
      autoStop.close();
      await follower.close();
      await fleet.close();
      await sessions.shutDown("Sandbar was stopped.", "server_stopped");
      await closeServer(server);
      await registry.close();
      await recordStopped(fleet, store.db);
      await hub.drain();
      await services.transcripts.close();
      await store.close();
      lock.release();
    },
  };
}

/** The page's address for a browser on this machine. */
function originOf(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function openInBrowser(link: string, logger: Logger): void {
  const command = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(command, [link], { stdio: "ignore", detached: true });
  child.on("error", (error) => logger.warn({ error }, "no browser could be opened"));
  child.unref();
}

/** After the local processes have ended: says so in their rows, so that the next start shows the truth at once. */
async function recordStopped(fleet: Fleet, db: Db): Promise<void> {
  for (const { id } of await listLiveSandboxRows(db, LOCAL_ID).then((rows) =>
    rows.filter(({ state }) => state === "running"),
  )) {
    await fleet.setState(id, "stopped", "Sandbar was stopped");
  }
}
