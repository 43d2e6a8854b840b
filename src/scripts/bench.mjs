// `npm run bench`: measures what the budgets name and prints one table. It fails when a scenario could not run, never
// because a number is high. `npm run bench -- --only stream,scroll --runs 3` measures a part;
// `--only memory --seconds 3600` watches memory for an hour.
import { parseArgs } from "node:util";
import { build, ensureInstalled, fail, requireNode } from "./tools.mjs";

requireNode();
ensureInstalled();

/** In the order of the table; `page` scenarios share one server with seeded sessions. */
const scenarios = [
  { name: "size", file: "./bench/sizes.mjs" },
  { name: "start", file: "./bench/sizes.mjs" },
  { name: "open", file: "./bench/open.mjs", page: true },
  { name: "stream", file: "./bench/stream.mjs", page: true },
  { name: "scroll", file: "./bench/scroll.mjs", page: true },
  { name: "delay", file: "./bench/delay.mjs", page: true },
  { name: "naive", file: "./bench/stream.mjs", page: true },
  { name: "fanout", file: "./bench/fanout.mjs" },
  { name: "idle", file: "./bench/idle.mjs" },
  { name: "memory", file: "./bench/idle.mjs" },
];

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "60" },
    "no-build": { type: "boolean", default: false },
  },
});
const names = options.only?.split(",") ?? scenarios.map(({ name }) => name);
const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) fail(`No such scenario: ${unknown.join(", ")}.`);
const runs = Number(options.runs);
const seconds = Number(options.seconds);
if (!options["no-build"] && build() !== 0) fail("The benchmark needs a build.");

const { machine, table, writeResults } = await import("./bench/report.mjs");
const wanted = scenarios.filter(({ name }) => names.includes(name));
const figures = [];
const failures = [];
let stage = null;
try {
  if (wanted.some(({ page }) => page)) {
    const { makeStage } = await import("./bench/stage.mjs");
    process.stderr.write("Seeding sessions of 100, 1,000 and 10,000 rows…\n");
    stage = await makeStage();
  }
  for (const { name, file } of wanted) {
    process.stderr.write(`${name}…\n`);
    try {
      const scenario = (await import(file))[name];
      for (const figure of await scenario({ stage, runs, seconds }))
        figures.push({ scenario: name, ...figure });
    } catch (error) {
      failures.push(name);
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  const shape = machine(stage?.browserVersion);
  process.stdout.write(
    `\n${table(figures)}\n\nMedians of ${runs} runs unless a line says otherwise. ${shape}.\n`,
  );
  writeResults({ at: new Date().toISOString(), machine: shape, runs, failures, figures });
} finally {
  await stage?.dispose();
}
if (failures.length > 0) fail(`These scenarios could not run: ${failures.join(", ")}.`);
