// The live lane's agents: installs them from npm into a cache folder and runs e2e/agents against them.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browserOutcome } from "./outcome.mjs";
import { readReport, root, runBin } from "./tools.mjs";

const MINUTE_MS = 60_000;

/** Versions that the tests were written against and that run on the oldest Node that Sandbar supports. */
const AGENTS = {
  opencode: { name: "OpenCode", packages: { "opencode-ai": "1.18.33" }, programs: ["opencode"] },
  claude: {
    name: "Claude Code",
    packages: { "@anthropic-ai/claude-code": "2.1.197", "@agentclientprotocol/claude-agent-acp": "0.49.0" },
    programs: ["claude"],
  },
  codex: {
    name: "Codex",
    packages: { "@openai/codex": "0.169.0", "@zed-industries/codex-acp": "0.16.0" },
    programs: ["codex"],
  },
};

export const AGENT_IDS = Object.keys(AGENTS);

function cacheFolder(id) {
  const { XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME
    ? join(XDG_CACHE_HOME, "sandbar/agents")
    : join(root, "node_modules/.cache/agents");
  return join(cache, id);
}

/** The version of a package in a folder, null when it is not there. */
function installedVersion(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return null; // Missing or cut off in the middle: installed again.
  }
}

/** The first program that does not start, with what it said. */
function brokenProgram(bin, programs) {
  for (const program of programs) {
    const tried = spawnSync(join(bin, program), ["--version"], { encoding: "utf8", timeout: MINUTE_MS });
    if (tried.status !== 0)
      return `${program} does not start: ${tried.error?.message ?? tried.stderr.trim().slice(0, 300)}`;
  }
  return null;
}

/**
 * Installs an agent unless the cache has it: `{bin}`, the folder of its programs, or `{missing}`, one sentence on why
 * it cannot be had. Takes at most three minutes.
 */
export function installAgent(id) {
  const { name, packages, programs } = AGENTS[id];
  const folder = cacheFolder(id);
  const bin = join(folder, "node_modules/.bin");
  const specs = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const missing = (reason) => ({ missing: `${name} cannot be had here: ${reason}` });
  if (Object.entries(packages).some(([name, version]) => installedVersion(folder, name) !== version)) {
    process.stderr.write(`Installing ${specs.join(" and ")}…\n`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    // Unlike Sandbar's own packages, the agents fetch and link their programs in install scripts.
    const flags = [
      "--ignore-scripts=false",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--loglevel=error",
    ];
    const options = { cwd: folder, encoding: "utf8", timeout: 3 * MINUTE_MS };
    const { status, error, stderr } = spawnSync(npm, ["install", ...specs, ...flags], options);
    if (error) return missing(`npm install ended with ${error.message}`);
    if (status !== 0) {
      const reason = stderr.split("\n").find((line) => line.startsWith("npm error")) ?? stderr.trim();
      return missing(`npm could not install ${specs.join(" and ")} (${reason.slice(0, 300)})`);
    }
  }
  const broken = brokenProgram(bin, programs);
  return broken ? missing(broken) : { bin };
}

/**
 * Drives the agents `ids` through a built Sandbar with Playwright, `args` being its own. An agent that cannot be had is
 * skipped with the reason in plain words, and so is what has not begun after `limit_ms`.
 *
 * @returns the outcome as `browserOutcome` gives it, null when the tests did not run at all
 */
export function testAgents(ids, { report, browser, args = [], limit_ms }) {
  const agents = Object.fromEntries(ids.map((id) => [id, installAgent(id)]));
  const deadline = limit_ms ? Date.now() + limit_ms : null;
  const projects = ids.map((id) => `--project=${id}`);
  const code = runBin(
    "playwright",
    ["test", "--config=e2e/agents/playwright.config.ts", ...projects, ...args],
    {
      env: {
        ...process.env,
        SANDBAR_AGENTS: JSON.stringify({ agents, deadline }),
        SANDBAR_CHROMIUM: browser,
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      },
    },
  );
  const result = readReport(report);
  if (!result) return null;
  const reasons = Object.values(agents).flatMap(({ missing }) => missing ?? []);
  if (deadline && Date.now() > deadline)
    reasons.push(`What the agents had not begun after ${limit_ms / MINUTE_MS} minutes`);
  for (const reason of reasons) process.stdout.write(`SKIPPED  ${reason}\n`);
  const outcome = browserOutcome(result);
  // A failure outside any test, such as a server that did not start, is in no count.
  return { ...outcome, failed: outcome.failed || (code === 0 ? 0 : 1) };
}
