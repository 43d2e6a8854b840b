import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";
import type { Profile } from "./profiles.ts";

const agents: Profile["id"][] = ["opencode", "claude", "codex"];

/** The live lane: real agents, one after the other, each in a server and a sandbox of its own. */
export default defineConfig<object, { agent: Profile["id"] }>({
  ...base,
  testDir: ".",
  testMatch: "*.agents.ts",
  outputDir: "../../test-results/agents",
  workers: 1,
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? "../../test-results/agents.json" }],
  ],
  projects: agents.map((agent) => ({ name: agent, use: { agent } })),
});
