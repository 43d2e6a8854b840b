// Small things every scenario of a page does.
import { untilQuiet } from "./in-page.mjs";
import { quantile } from "./numbers.mjs";

const FRAME_MS = 1000 / 60;

/** A page with its DevTools session. */
export async function openPage(context, url) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Performance.enable");
  await page.goto(url);
  return { page, tools };
}

/** The page's counters: milliseconds of script and of everything on the main thread. */
export async function mainThread(tools) {
  const { metrics } = await tools.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value * 1000;
  return { script_ms: of("ScriptDuration"), task_ms: of("TaskDuration") };
}

/** Megabytes of the heap that are in use after a collection. */
export async function heapMegabytes(tools) {
  await tools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await tools.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

/** Frames that did not come, the longest one, and the 95th percentile. */
export function frameFigures(frames) {
  const dropped = frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME_MS) - 1), 0);
  return { dropped, worst_ms: Math.max(...frames), p95_ms: quantile(frames, 0.95) };
}

/** Lets what a page does after it is shown come to its end. */
export const settle = (page) => page.evaluate(untilQuiet);
