// The table that people read, and the file that programs read.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../tools.mjs";

const digits = { ms: 0, KB: 1, MB: 1, "×": 2 };

function format(value, unit) {
  const fraction = digits[unit] ?? 0;
  return `${value.toLocaleString("en", { minimumFractionDigits: fraction, maximumFractionDigits: fraction })} ${unit}`.trim();
}

const shown = (figure) => ({
  name: figure.name,
  measured: format(figure.value, figure.unit),
  budget:
    figure.budget === undefined ? "" : `${figure.atLeast ? "≥" : "≤"} ${format(figure.budget, figure.unit)}`,
  ratio: figure.budget ? (figure.value / figure.budget).toFixed(2) : "",
});

/** One markdown table of figures: measured, budget, ratio of the two. */
export function table(figures) {
  const rows = [
    { name: "What", measured: "Measured", budget: "Budget", ratio: "Ratio" },
    ...figures.map(shown),
  ];
  const width = (key) => Math.max(...rows.map((row) => row[key].length));
  const line = (row) =>
    `| ${row.name.padEnd(width("name"))} | ${row.measured.padStart(width("measured"))} | ${row.budget.padStart(width("budget"))} | ${row.ratio.padStart(width("ratio"))} |`;
  const [head, ...others] = rows.map(line);
  const rule = `|${"-".repeat(width("name") + 2)}|${["measured", "budget", "ratio"].map((key) => `${"-".repeat(width(key) + 1)}:`).join("|")}|`;
  return [head, rule, ...others].join("\n");
}

/** The machine in one sentence, with what else it has to do: numbers mean little without it. */
export function machine(browserVersion) {
  const cores = cpus();
  const model = cores[0]?.model.trim() || "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  const browser = browserVersion ? `, Chromium ${browserVersion} without GPU` : "";
  const [load = 0] = loadavg();
  return `${cores.length} cores (${model}), ${memory} GB, ${process.platform}, Node ${process.versions.node}${browser}, load average ${load.toFixed(1)} at the end`;
}

export function writeResults(results) {
  mkdirSync(join(root, "bench"), { recursive: true });
  writeFileSync(join(root, "bench/results.json"), `${JSON.stringify(results, null, 2)}\n`);
}
