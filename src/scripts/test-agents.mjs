// `npm run test:agents [-- opencode claude codex] [-- -g "a test"]`: drives the real agents through Sandbar, with a
// scripted model in place of their providers.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AGENT_IDS, testAgents } from "./agents.mjs";
import { ensureBrowser } from "./browser.mjs";
import { ensureBuilt, ensureInstalled, fail, requireNode, root } from "./tools.mjs";

requireNode();
ensureInstalled();
ensureBuilt();

const given = process.argv.slice(2);
const chosen = AGENT_IDS.filter((id) => given.includes(id));
const reports = join(root, "node_modules/.cache/test-reports");
mkdirSync(reports, { recursive: true });
const counts = testAgents(chosen.length > 0 ? chosen : AGENT_IDS, {
  report: join(reports, "agents.json"),
  browser: ensureBrowser(),
  args: given.filter((arg) => !AGENT_IDS.includes(arg)),
});
if (!counts) fail("The agents' tests left no report, so they did not run.");
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
if (counts.failed > 0) process.exit(1);
