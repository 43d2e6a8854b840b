// `npm test`: types, lint, unit tests, browser tests and the real OpenCode on a fresh clone, with one closing line that
// counts them all.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { testAgents } from "./agents.mjs";
import { ensureBrowser } from "./browser.mjs";
import { build, ensureInstalled, fail, readReport, requireNode, root, runBin } from "./tools.mjs";

requireNode();
ensureInstalled();

const reports = join(root, "node_modules/.cache/test-reports");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const unitReport = join(reports, "unit.json");
const browserReport = join(reports, "browser.json");

function step(name, code) {
  if (code !== 0) process.stdout.write(`FAILED  ${name}\n`);
  return code === 0;
}

const checks = [
  step("types", runBin("tsc", ["-b"])),
  step("lint", runBin("oxlint", ["--type-aware"])),
  step("format", runBin("oxfmt", ["--check"])),
  step("dead code", runBin("knip", [])),
  step(
    "unit tests",
    runBin("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitReport}`]),
  ),
];
if (!step("build", build())) fail("The browser tests need a build.");
const browser = ensureBrowser();
checks.push(
  step(
    "browser tests",
    runBin("playwright", ["test", "-c", "e2e/playwright.config.ts", ...process.argv.slice(2)], {
      env: { ...process.env, SANDBAR_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
    }),
  ),
);

const agents = testAgents(["opencode"], {
  report: join(reports, "agents.json"),
  browser,
  limit_ms: 4 * 60_000,
});

const unit = readReport(unitReport);
const e2e = readReport(browserReport)?.stats;
if (!unit || !e2e || !agents) fail("A test runner left no report, so its tests did not run.");
const passed = unit.numPassedTests + e2e.expected + e2e.flaky + agents.passed;
const failed = unit.numFailedTests + e2e.unexpected + agents.failed;
const skipped = unit.numPendingTests + e2e.skipped + agents.skipped;
process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
if (checks.includes(false) || failed > 0) process.exit(1);
