// What the test runners' JSON reports come to: counts, and one line for each test that failed or needed another try.
import { stripVTControlCharacters } from "node:util";

/** Counts and names of vitest's report. */
export function unitOutcome(report) {
  const cases = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: name })),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    flaky: [],
    failures: cases
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0])}`),
  };
}

/** Counts and names of Playwright's report. What passed after a failed try is counted as passed, and named. */
export function browserOutcome(report) {
  const specs = report.suites.flatMap((suite) => specsOf(suite, []));
  const ofStatus = (status) => specs.filter(({ tests }) => tests.some((test) => test.status === status));
  const { expected, unexpected, flaky, skipped } = report.stats;
  return {
    passed: expected + flaky,
    failed: unexpected,
    skipped,
    flaky: ofStatus("flaky").map(lineOf),
    failures: ofStatus("unexpected").map(lineOf),
  };
}

function specsOf(suite, titles) {
  const own = (suite.specs ?? []).map((spec) => ({
    ...spec,
    name: [...titles, suite.title, spec.title].filter(Boolean).join(" › "),
  }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => specsOf(inner, [...titles, suite.title]))];
}

function lineOf({ name, line, tests }) {
  const results = tests.flatMap((test) => test.results);
  const error = results.find(({ status }) => status !== "passed")?.error;
  const at = error?.location ? `${error.location.line}` : `${line}`;
  return `${name} (line ${at}): ${firstLine(error?.message)}`;
}

/** Without the terminal's colours. */
function firstLine(message = "no message") {
  return stripVTControlCharacters(message).split("\n", 1)[0];
}
