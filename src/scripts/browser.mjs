// Finds a Chromium for the browser tests, else installs one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fail, run, runBin } from "./tools.mjs";

const known = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const onMachine = () =>
  [process.env.SANDBAR_CHROMIUM, ...known].find((path) => path && existsSync(path)) ?? null;

function installedByPlaywright() {
  const script = "import('@playwright/test').then(({chromium}) => console.log(chromium.executablePath()))";
  const path = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout.trim();
  return path && existsSync(path) ? path : null;
}

/** A Chromium on the machine, else Playwright's, else the distribution's package. Returns its path. */
export function ensureBrowser() {
  const found = onMachine() ?? installedByPlaywright();
  if (found) return found;
  process.stderr.write("No Chromium here; trying Playwright's…\n");
  runBin("playwright", ["install", "chromium"], { timeout: 300_000 });
  const downloaded = installedByPlaywright();
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    process.stderr.write("Trying the distribution's package…\n");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], { env });
    run("apt-get", ["install", "-y", "-qq", "chromium"], { env, stdio: ["ignore", "ignore", "inherit"] });
  }
  return (
    onMachine() ??
    fail(
      "The browser tests need Chromium and none could be installed. Install one and set SANDBAR_CHROMIUM to its path.",
    )
  );
}
