// `npm run check`: everything but the browser tests. Ends at the first failure.
import { build, ensureInstalled, fail, requireNode, runBin } from "./tools.mjs";

requireNode();
ensureInstalled();

const steps = [
  ["types", () => runBin("tsc", ["-b"])],
  ["lint", () => runBin("oxlint", ["--type-aware"])],
  ["format", () => runBin("oxfmt", ["--check"])],
  ["dead code", () => runBin("knip", [])],
  ["unit tests", () => runBin("vitest", ["run"])],
  ["build", build],
];

for (const [name, step] of steps) {
  const started = performance.now();
  const code = step();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write([code === 0 ? "ok" : "FAILED", name, `${seconds} s\n`].join("  "));
  if (code !== 0) fail(["npm run check stopped at:", name].join(" "));
}
