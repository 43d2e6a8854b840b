// From an agent to the screen: a command prints the time, and the page looks at the clock when it shows it.
import { watchPrintedTimes } from "./in-page.mjs";
import { median, quantile, repeat } from "./numbers.mjs";
import { openPage, settle } from "./page.mjs";
import { atRest, send, until } from "./server.mjs";

const PRINTS = 100;
const WATCH_MS = 7_000;

export async function delay({ stage, runs }) {
  await stage.startSandbox();
  const context = await stage.newContext();
  const delays = (await repeat(runs, () => delaysOf(stage, context))).flat();
  await context.close();
  return [
    { name: "Event, agent to screen, median", value: median(delays), unit: "ms" },
    { name: "Event, agent to screen, p95", value: quantile(delays, 0.95), unit: "ms", budget: 100 },
  ];
}

async function delaysOf(stage, context) {
  const { server } = stage;
  const session_id = stage.sessionOf(100);
  const { page } = await openPage(context, `${server.origin}/sessions/${session_id}`);
  await page.locator("[data-row]").first().waitFor();
  await settle(page);
  await send(server, session_id, `run for i in $(seq ${PRINTS}); do date +%s%3N; sleep 0.05; done`);
  const [request] = await until("the permission", async () => {
    const { items } = await server.api("GET", "/requests?state=pending");
    return items.length > 0 ? items : null;
  });
  await server.api("POST", `/sessions/${session_id}/permissions/${request.id}/respond`, { reply: "once" });
  const delays = await page.evaluate(watchPrintedTimes, WATCH_MS);
  await atRest(server, session_id);
  await page.close();
  if (delays.length < PRINTS / 4) throw new Error(`only ${delays.length} of ${PRINTS} prints were seen`);
  return delays;
}
