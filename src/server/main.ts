import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, parseConfig } from "./config.ts";
import { PortError } from "./http/listen.ts";
import { printLink } from "./link.ts";
import { LockError } from "./lock.ts";
import { runServer } from "./run.ts";
import { StoreError } from "./store/store-error.ts";
import { VaultError } from "./vault/vault-error.ts";

/** What a person can mend ends with one sentence and exit code 1; a fault of ours with its stack and 70. */
function explain(error: unknown): never {
  const known = [LockError, StoreError, VaultError, PortError].some((kind) => error instanceof kind);
  const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(known ? 1 : 70);
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
  const [command, ...rest] = process.argv.slice(2);
  const line = parseConfig(command === "link" ? rest : process.argv.slice(2), process.env);
  switch (line.kind) {
    case "help":
      process.stdout.write(line.text);
      return;
    case "version":
      process.stdout.write(`${await version()}\n`);
      return;
    case "error":
      process.stderr.write(`${line.message}\n`);
      process.exit(2);
      return;
    case "run":
      for (const warning of line.warnings) process.stderr.write(`${warning}\n`);
      if (command === "link") return printLink(line.config.data_dir);
      return serveUntilSignal(line.config);
  }
}

async function serveUntilSignal(config: Config): Promise<void> {
  const server = await runServer(config, { version: await version(), root: import.meta.dirname });
  const signal = await Promise.race(
    ["SIGINT", "SIGTERM"].map((name) => once(process, name).then(() => name)),
  );
  // A second Ctrl+C does not wait for what hangs.
  process.once("SIGINT", () => process.exit(130));
  await server.close(signal);
  process.exit(0);
}

main().catch(explain);
