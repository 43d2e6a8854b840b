// The largest session, scrolled from its end to its start, 15,000 pixels a second: as fast as a hard flick of the wheel.
import { countNodes, scrollToStart } from "./in-page.mjs";
import { medians, repeat } from "./numbers.mjs";
import { frameFigures, heapMegabytes, openPage, settle } from "./page.mjs";

const ROWS = 10_000;
const PIXELS_PER_FRAME = 250;

export async function scroll({ stage, runs }) {
  const context = await stage.newContext();
  const times = Math.min(runs, 2); // each takes two minutes
  const results = medians(await repeat(times, () => scrollOnce(stage, context)));
  await context.close();
  const note = `${times} runs`;
  return [
    {
      name: `Scroll 10000 rows to the start: blank frames (${note})`,
      value: results.blank,
      unit: "",
      budget: 0,
    },
    { name: `Scroll: p95 frame (${note})`, value: results.p95_ms, unit: "ms", budget: 20 },
    { name: `Scroll: worst frame (${note})`, value: results.worst_ms, unit: "ms" },
    { name: `Scroll: frames (${note})`, value: results.frames, unit: "" },
    { name: "DOM nodes with all 10000 rows loaded", value: results.nodes, unit: "", budget: 1500 },
    { name: "Heap with all 10000 rows loaded", value: results.heap_mb, unit: "MB", budget: 60 },
  ];
}

async function scrollOnce(stage, context) {
  const url = `${stage.server.origin}/sessions/${stage.sessionOf(ROWS)}`;
  const { page, tools } = await openPage(context, url);
  await page.locator("[data-row]").first().waitFor();
  await settle(page);
  const log = page.getByRole("log");
  await log.hover();
  await page.mouse.wheel(0, -300); // the reader pulls away from the end
  await settle(page);
  const { frames, blank } = await page.evaluate(scrollToStart, PIXELS_PER_FRAME);
  const first = await log.textContent();
  if (!first.includes("(turn-0)")) throw new Error("the scroll did not reach the start of the session");
  await settle(page);
  const nodes = await page.evaluate(countNodes);
  const heap_mb = await heapMegabytes(tools);
  await page.close();
  return { ...frameFigures(frames), frames: frames.length, blank, nodes, heap_mb };
}
