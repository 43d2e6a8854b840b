// Opening stored sessions: by a click in the list, at their address, and right after the server started.
import { clickToPaint, countNodes, loadToPaint } from "./in-page.mjs";
import { median, medians, repeat } from "./numbers.mjs";
import { heapMegabytes, openPage, settle } from "./page.mjs";
import { SIZES } from "./stage.mjs";

const MOST_MS = 300;

export async function open({ stage, runs }) {
  const figures = new Map();
  const context = await stage.newContext();
  await openByClick(stage, context, SIZES[0]); // fills the HTTP cache: the second visit is the usual one
  for (const rows of SIZES) {
    figures.set(rows, medians(await repeat(runs, () => openByClick(stage, context, rows))));
  }
  await context.close();
  const largest = SIZES.at(-1);
  const cold = await repeat(Math.min(runs, 3), async () => {
    await stage.server.stop();
    await stage.server.start();
    const fresh = await stage.newContext();
    const { open_ms } = await openByClick(stage, fresh, largest);
    await fresh.close();
    return open_ms;
  });
  const loads = await repeat(runs, () => openByAddress(stage, largest));
  const load = medians(loads);
  return [
    ...SIZES.flatMap((rows) => rowsOf(rows, figures.get(rows))),
    {
      name: `Open ${largest} rows, of the time for 100 rows`,
      value: figures.get(largest).open_ms / figures.get(SIZES[0]).open_ms,
      unit: "×",
      budget: 1.5,
    },
    {
      name: `Open ${largest} rows, server just started, browser cache empty`,
      value: median(cold),
      unit: "ms",
      budget: MOST_MS,
    },
    { name: "First paint, cold browser, at a session's address", value: load.first_paint_ms, unit: "ms" },
    { name: `Newest rows, cold browser, at the address of ${largest} rows`, value: load.rows_ms, unit: "ms" },
    { name: "First answer about 100,000 events never folded before", value: stage.fold_ms, unit: "ms" },
  ];
}

function rowsOf(rows, { open_ms, nodes, heap_mb }) {
  return [
    { name: `Open ${rows} rows, click to newest rows painted`, value: open_ms, unit: "ms", budget: MOST_MS },
    { name: `DOM nodes at ${rows} rows`, value: nodes, unit: "", budget: 1500 },
    { name: `Heap at ${rows} rows`, value: heap_mb, unit: "MB", budget: 60 },
  ];
}

async function openByClick(stage, context, rows) {
  const { page, tools } = await openPage(context, `${stage.server.origin}/`);
  const link = page.locator(`a[href="/sessions/${stage.sessionOf(rows)}"]`).first();
  await link.waitFor();
  await settle(page);
  const painted = page.evaluate(clickToPaint, stage.lastWords);
  await link.click();
  const open_ms = await painted;
  await settle(page);
  const nodes = await page.evaluate(countNodes);
  const heap_mb = await heapMegabytes(tools);
  await page.close();
  return { open_ms, nodes, heap_mb };
}

async function openByAddress(stage, rows) {
  const context = await stage.newContext();
  const page = await context.newPage();
  await page.goto(`${stage.server.origin}/sessions/${stage.sessionOf(rows)}`, { waitUntil: "commit" });
  const rows_ms = await page.evaluate(loadToPaint, stage.lastWords);
  const first_paint_ms = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0].startTime,
  );
  await context.close();
  return { rows_ms, first_paint_ms };
}
