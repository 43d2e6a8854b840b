// The log alone: events stored and sent to a hundred streams, over real HTTP on loopback, the readers in a process of
// their own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleForNode } from "./bundle.mjs";
import { medians, repeat } from "./numbers.mjs";

const STREAMS = 100;
const EVENTS = 20_000;

export async function fanout({ runs }) {
  const program = await bundleForNode("src/testing/bench-hub.ts");
  const { stored, sent } = medians(await repeat(runs, () => measure(program)));
  return [
    {
      name: "Events a second, stored and given to all streams",
      value: stored,
      unit: "",
      budget: 10_000,
      atLeast: true,
    },
    {
      name: "Events a second, received by 100 streams",
      value: sent,
      unit: "",
      budget: 10_000,
      atLeast: true,
    },
  ];
}

async function measure(program) {
  const folder = mkdtempSync(join(tmpdir(), "sandbar-bench-hub-"));
  const hub = fork(program, [join(folder, "sandbar.db")]);
  const [{ port }] = await once(hub, "message");
  const readers = fork(join(import.meta.dirname, "readers.mjs"), [String(port), String(STREAMS)]);
  try {
    await once(readers, "message"); // every stream has its first frame
    const started = performance.now();
    hub.send({ events: EVENTS });
    const [{ stored_ms, last }] = await once(hub, "message");
    const all = once(readers, "message");
    readers.send({ last });
    await all;
    const sent_ms = performance.now() - started;
    return { stored: (last / stored_ms) * 1000, sent: (last / sent_ms) * 1000 };
  } finally {
    hub.kill();
    readers.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
