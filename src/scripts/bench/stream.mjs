// An answer that streams into the end of the largest session: frames, scripting, keys; beside pages that show the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools.mjs";
import { bundleForPage } from "./bundle.mjs";
import { countNodes, watchFrames, watchKeys } from "./in-page.mjs";
import { median, medians, quantile, repeat } from "./numbers.mjs";
import { frameFigures, heapMegabytes, mainThread, openPage, settle } from "./page.mjs";
import { endTurn, send, until } from "./server.mjs";

const ROWS = 10_000;
const WATCH_MS = 10_000;
const KEYS = 20;
/** A millisecond between two words, and what it takes to send one: some 500 a second. What truly came is measured. */
const PROMPT = "long 100000 1";

export async function stream({ stage, runs }) {
  await stage.startSandbox();
  const context = await stage.newContext();
  const floors = await repeat(runs, () => measure(stage, context, floor));
  const ours = await repeat(runs, () => measure(stage, context, product));
  await context.close();
  const our = medians(ours.map(({ run }) => run));
  const least = medians(floors.map(({ run }) => run));
  const keys = ours.flatMap((result) => result.keys);
  return [
    { name: "Stream into 10000 rows: deltas a second, as they came", value: our.deltas_per_second, unit: "" },
    { name: "Dropped frames in 10 s", value: our.dropped, unit: "", budget: 0 },
    { name: "Dropped frames in 10 s, text-only floor", value: least.dropped, unit: "" },
    { name: "Worst frame", value: our.worst_ms, unit: "ms", budget: 50 },
    { name: "Worst frame, text-only floor", value: least.worst_ms, unit: "ms" },
    { name: "Scripting in 10 s", value: our.script_ms, unit: "ms", budget: 2 * least.script_ms },
    { name: "Scripting in 10 s, text-only floor", value: least.script_ms, unit: "ms" },
    { name: "Main thread in 10 s", value: our.task_ms, unit: "ms" },
    { name: "Main thread in 10 s, text-only floor", value: least.task_ms, unit: "ms" },
    { name: "Key to paint while it streams, median", value: median(keys), unit: "ms", budget: 50 },
    { name: "Key to paint while it streams, p95", value: quantile(keys, 0.95), unit: "ms", budget: 50 },
  ];
}

/** The same data in a page that mounts every row and parses every message whole for each event. */
export async function naive({ stage, runs }) {
  await stage.startSandbox();
  const times = Math.min(runs, 2); // each takes a minute
  const context = await stage.newContext();
  const results = await repeat(times, () => measure(stage, context, naivePage));
  await context.close();
  const figures = medians(results.map(({ run }) => run));
  const note = `naive, ${times} runs`;
  return [
    { name: `Open 10000 rows (${note})`, value: figures.open_ms, unit: "ms" },
    { name: `DOM nodes at 10000 rows (${note})`, value: figures.nodes, unit: "" },
    { name: `Heap at 10000 rows (${note})`, value: figures.heap_mb, unit: "MB" },
    { name: `Dropped frames in 10 s (${note})`, value: figures.dropped, unit: "" },
    { name: `Worst frame (${note})`, value: figures.worst_ms, unit: "ms" },
    { name: `Main thread in 10 s (${note})`, value: figures.task_ms, unit: "ms" },
  ];
}

/** Opens a page of one kind, lets an answer stream into the session, and measures while it does. */
async function measure(stage, context, kind) {
  const session_id = stage.sessionOf(ROWS);
  const { page, tools, figures } = await kind.open(stage, context, session_id);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  const before = await newestEvent(stage.server, session_id);
  await send(stage.server, session_id, PROMPT);
  await until("the first words", async () => (await newestEvent(stage.server, session_id)) > before + 10);
  const start = await mainThread(tools);
  const from = await newestEvent(stage.server, session_id);
  const frames = await page.evaluate(watchFrames, WATCH_MS);
  const end = await mainThread(tools);
  const words = await wordsAfter(stage.server, session_id, from);
  const keys = (await kind.type?.(page)) ?? [];
  await endTurn(stage.server, session_id);
  await page.close();
  if (errors.length > 0) throw new Error("the page broke while it was measured", { cause: errors[0] });
  const run = {
    ...figures,
    ...frameFigures(frames),
    script_ms: end.script_ms - start.script_ms,
    task_ms: end.task_ms - start.task_ms,
    deltas_per_second: words / (WATCH_MS / 1000),
  };
  return { run, keys };
}

const product = {
  async open(stage, context, session_id) {
    const opened = await openPage(context, `${stage.server.origin}/sessions/${session_id}`);
    await opened.page.locator("[data-row]").first().waitFor();
    await settle(opened.page);
    return { ...opened, figures: {} };
  },
  async type(page) {
    await page.evaluate(watchKeys);
    await page.getByRole("combobox", { name: /^Message/ }).click();
    // Held as by a hand, which also sets how fast they follow one another.
    for (let key = 0; key < KEYS; key += 1) await page.keyboard.press("a", { delay: 100 });
    await page.waitForFunction((keys) => window.keystrokes.length >= keys, KEYS);
    return page.evaluate(() => window.keystrokes);
  },
};

const floor = {
  open: (stage, context, session_id) =>
    openBare(stage, context, session_id, readFileSync(join(root, "e2e/bench/floor.js"), "utf8")),
};

let naiveScript = null;
const naivePage = {
  async open(stage, context, session_id) {
    naiveScript ??= await bundleForPage("e2e/bench/naive.ts");
    return openBare(stage, context, session_id, naiveScript);
  },
};

/**
 * A page with nothing but one script, which sets `window.ready` when it follows the session. It stands in the place of an
 * answer of the server's own, for the origin and the cookie; the rules for scripts of such an answer are not its.
 */
async function openBare(stage, context, session_id, script) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Performance.enable");
  await tools.send("Page.setBypassCSP", { enabled: true });
  const body = `<!doctype html><title>bench</title><body><script type="module">${script.replaceAll("</script", "<\\/script")}</script>`;
  await page.goto(`${stage.server.origin}/api/v1/sessions/${session_id}?messages=0`);
  const started = performance.now();
  await page.setContent(body, { timeout: 180_000 });
  await page.waitForFunction(() => window.ready, null, { timeout: 180_000 });
  const open_ms = performance.now() - started;
  await settle(page);
  const nodes = await page.evaluate(countNodes);
  return { page, tools, figures: { open_ms, nodes, heap_mb: await heapMegabytes(tools) } };
}

async function newestEvent(server, session_id) {
  return Number((await server.api("GET", `/sessions/${session_id}/transcript?limit=1`)).cursor);
}

/** How many words of an answer are in the log after an event: the mock agent sends one in each delta. */
async function wordsAfter(server, session_id, after) {
  const { items } = await server.api("GET", `/sessions/${session_id}/events?after=${after}&limit=10000`);
  return items
    .filter(({ event_type }) => event_type === "text_delta")
    .reduce((count, { data }) => count + (data.text.match(/\S+/g)?.length ?? 0), 0);
}
