// `npm test`: types, lint, unit tests, browser tests and the real OpenCode on a fresh clone, with one closing line that
// counts them all.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { testAgents } from "./agents.mjs";
import { ensureBrowser } from "./browser.mjs";
import { browserOutcome, unitOutcome } from "./outcome.mjs";
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
  args: ["--grep-invert=@long"],
  limit_ms: 6 * 60_000,
});

const unit = readReport(unitReport);
const browserTests = readReport(browserReport);
if (!unit || !browserTests || !agents) fail("A test runner left no report, so its tests did not run.");
const outcomes = [unitOutcome(unit), browserOutcome(browserTests), agents];
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
const list = (heading, lines) => {
  if (lines.length > 0) process.stdout.write(`\n${heading}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
};
const flaky = outcomes.flatMap((outcome) => outcome.flaky);
list(
  "Failed",
  outcomes.flatMap((outcome) => outcome.failures),
);
list("Passed only after a failed try", flaky);
const afterFailure = flaky.length > 0 ? `, ${flaky.length} of the passed only after a failed try` : "";
process.stdout.write(
  `\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped${afterFailure}\n`,
);
if (checks.includes(false) || sum("failed") > 0) process.exit(1);
