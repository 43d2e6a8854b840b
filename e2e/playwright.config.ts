import { defineConfig } from "@playwright/test";

const executablePath = process.env.SANDBAR_CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: ".",
  testMatch: "*.e2e.ts",
  outputDir: "../test-results",
  fullyParallel: false,
  workers: 2,
  // Another try tells a race from a fault; `npm test` names every test that needed one, and how the first went wrong.
  retries: 2,
  // Long enough for a machine many times slower than this one: a page that loads cold takes ten seconds of a busy core.
  // What waits for longer than it should is the benchmark's to find.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? "../test-results/report.json" }],
  ],
  use: {
    viewport: { width: 1440, height: 900 },
    // Without pictures: they cost as much as the page that they show, and its snapshots tell more.
    trace: { mode: "retain-on-failure", screenshots: false },
    actionTimeout: 30_000,
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
