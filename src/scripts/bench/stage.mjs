// What every scenario of the page needs: a server with seeded sessions, and a real Chromium that is signed in to it.
import { chromium } from "@playwright/test";
import { ensureBrowser } from "../browser.mjs";
import { importBundled } from "./bundle.mjs";
import { prepare } from "./in-page.mjs";
import { makeServer, until } from "./server.mjs";

export const SIZES = [100, 1_000, 10_000];

export async function makeStage() {
  const { seedSessions, LAST_WORDS } = await importBundled("src/testing/bench-seed.ts");
  const server = makeServer();
  await server.start();
  const sandbox = await server.api("POST", "/sandboxes", { name: "bench", agent_provider: "mock" });
  const running = async () => (await server.api("GET", `/sandboxes/${sandbox.id}`)).state === "running";
  await until("the sandbox", running);
  const sessions = new Map();
  for (const rows of SIZES) {
    const body = { agent: "mock", title: `${rows} rows` };
    const session = await server.api("POST", `/sandboxes/${sandbox.id}/sessions`, body);
    sessions.set(rows, session.id);
  }
  await server.stop();
  await seedSessions(
    server.dataDir,
    SIZES.map((rows) => ({ session_id: sessions.get(rows), sandbox_id: sandbox.id, rows })),
  );
  await server.start();
  const fold_ms = await firstFold(server, sessions.get(10_000));
  for (const id of sessions.values()) await server.api("GET", `/sessions/${id}/transcript`);
  const startSandbox = async () => {
    if (!(await running())) await server.api("POST", `/sandboxes/${sandbox.id}/start`);
    await until("the sandbox", running);
  };

  const browser = await chromium.launch({
    executablePath: ensureBrowser(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
  let storageState;
  const newContext = async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, storageState });
    await context.addInitScript(prepare);
    if (storageState) return context;
    const page = await context.newPage();
    const { link } = await server.api("POST", "/sign-in-links", {});
    await page.goto(link);
    await page.waitForURL((url) => !url.pathname.includes("sign-in"));
    await page.close();
    storageState = await context.storageState();
    return context;
  };

  return {
    server,
    fold_ms,
    lastWords: LAST_WORDS,
    browserVersion: browser.version(),
    sessionOf: (rows) => sessions.get(rows),
    startSandbox,
    newContext,
    async dispose() {
      await browser.close();
      await server.dispose();
    },
  };
}

/** Milliseconds of the first answer about a log that was never folded: what an import or a new fold costs once. */
async function firstFold(server, session_id) {
  const started = performance.now();
  await server.api("GET", `/sessions/${session_id}/transcript`);
  return performance.now() - started;
}
