import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, helpText, parseConfig } from "./config.ts";
import { printLink } from "./link.ts";
import { LockError } from "./lock.ts";
import { runServer } from "./run.ts";
import { StoreError } from "./store/store-error.ts";

/** What a person can mend ends with one sentence and exit code 1; a fault of ours with its stack and 70. */
function explain(error: unknown): never {
  const known =
    error instanceof ConfigError ||
    error instanceof LockError ||
    error instanceof StoreError ||
    isPortError(error);
  process.stderr.write(
    `${known && error instanceof Error ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(known ? 1 : 70);
}

function isPortError(error: unknown): boolean {
  return error instanceof Error && error.name === "PortError";
}

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(join(import.meta.dirname, "../../package.json"), "utf8"),
  );
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const config = parseConfig(args[0] === "link" ? args.slice(1) : args, process.env);
  if (config.help) return void process.stdout.write(`${helpText}\n`);
  if (config.show_version) return void process.stdout.write(`${await version()}\n`);
  if (args[0] === "link") return printLink(config.data_dir);
  const server = await runServer(config, { version: await version(), root: import.meta.dirname });
  const [signal] = await Promise.race([
    once(process, "SIGINT").then(() => ["SIGINT"]),
    once(process, "SIGTERM").then(() => ["SIGTERM"]),
  ]);
  process.once("SIGINT", () => process.exit(130));
  await server.close(signal ?? "SIGTERM");
  process.exit(0);
}

main().catch(explain);
