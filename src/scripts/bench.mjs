// `npm run bench`: measures what design budgets name and prints one table. It fails when a scenario could not run,
// never because a number is high.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptBytes } from "./bundle-size.mjs";
import { build, ensureInstalled, fail, requireNode, root } from "./tools.mjs";

requireNode();
ensureInstalled();
if (build() !== 0) fail("The benchmark needs a build.");

/** Milliseconds from spawn to the printed link, on an empty data directory and then on the same one again. */
async function startTimes() {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbar-bench-"));
  const once = () =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const child = spawn(
        process.execPath,
        [join(root, "dist/server/main.js"), "--port", "0", "--data-dir", dataDir],
        {
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
      let took = null;
      child.stdout.on("data", (chunk) => {
        if (took === null && String(chunk).includes("/sign-in#")) {
          took = performance.now() - started;
          child.kill("SIGTERM");
        }
      });
      child.once("exit", () =>
        took === null ? reject(new Error("the server did not start")) : resolve(took),
      );
    });
  const first = await once();
  const again = [];
  for (let run = 0; run < 5; run += 1) again.push(await once());
  rmSync(dataDir, { recursive: true, force: true });
  return { first, again: again.sort((a, b) => a - b)[2] };
}

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const ms = (value) => `${Math.round(value)} ms`;
const start = await startTimes();
const rows = [
  ["First view, JavaScript, gzip", kb(scriptBytes()), "150 KB"],
  ["Session route, JavaScript, gzip, in all", kb(scriptBytes("src/web/routes/session.tsx")), "250 KB"],
  ["Server start, empty data directory", ms(start.first), "1000 ms"],
  ["Server start, again (median of 5)", ms(start.again), "1000 ms"],
];
const width = Math.max(...rows.map(([name]) => name.length));
process.stdout.write(`${"What".padEnd(width)}  ${"Measured".padStart(10)}  ${"Budget".padStart(10)}\n`);
for (const [name, measured, budget] of rows) {
  process.stdout.write(`${name.padEnd(width)}  ${measured.padStart(10)}  ${budget.padStart(10)}\n`);
}
