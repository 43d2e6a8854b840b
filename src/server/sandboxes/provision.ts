import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import type { DomainEvent } from "#src/domain/event.ts";
import type { SandboxSpec } from "#src/domain/sandbox.ts";
import { cloneRepository } from "./clone-repository.ts";
import { copyFolder } from "./copy-folder.ts";
import { gitSources } from "./git-source.ts";
import type { SandboxLayout } from "./layout.ts";
import { type OutputRelay, createOutputRelay } from "./output-relay.ts";
import type { SandboxRecord } from "./record.ts";
import { type Redact, hideUrlCredentials } from "./redact.ts";
import { removeTree } from "./remove-folder.ts";
import { runSetupScript } from "./setup-script.ts";
import type { RunStep } from "./steps.ts";

export type ProvisionContext = {
  dataDir: string;
  layout: SandboxLayout;
  environment: Readonly<Record<string, string>>;
  redact: Redact;
  runStep: RunStep;
  emit: (event: DomainEvent) => void;
  now: () => number;
  signal: AbortSignal;
  /** Notes how far it got, so that a retry goes on from there. */
  save: (progress: Partial<Pick<SandboxRecord, "spec" | "files_ready" | "setup_done">>) => Promise<unknown>;
};

/**
 * Fills the files folder and runs the setup script: whatever of the two is not done yet. A failure leaves the files
 * folder empty, or the script's work as it is; either way a later call goes on.
 *
 * @throws BackendError whose message is the failed step's.
 */
export async function provision(record: SandboxRecord, context: ProvisionContext): Promise<void> {
  if (!record.files_ready) {
    await fillFolder(record.spec, context);
    // A URL's credentials are needed once; from here on the clone has them, and the record does not.
    await context.save({ files_ready: true, spec: withoutCredentials(record.spec) });
  }
  if (!record.setup_done) {
    await runSetup(record.spec, context);
    await context.save({ setup_done: true });
  }
}

async function fillFolder(spec: SandboxSpec, context: ProvisionContext): Promise<void> {
  const { layout, runStep, signal } = context;
  await emptyFolder(layout.files);
  try {
    if (spec.source?.type === "copy") {
      const from = spec.source.path;
      await runStep("copy_files", "copying the folder", async () => {
        const { file_count, skipped } = await copyFolder(from, layout.files, {
          dataDir: context.dataDir,
          signal,
        });
        const left = skipped > 0 ? `, ${skipped} sockets, pipes or devices left out` : "";
        return `${file_count} files from ${from}${left}`;
      });
    }
    if (gitSources(spec).length > 0) {
      await runStep("clone_repositories", "cloning", () => cloneAll(spec, context));
    }
  } catch (error) {
    await emptyFolder(layout.files);
    throw error;
  }
}

async function cloneAll(spec: SandboxSpec, context: ProvisionContext): Promise<string> {
  const { layout, environment: env, signal } = context;
  const sources = gitSources(spec);
  await withOutput(context, async (output) => {
    for (const source of sources) {
      await cloneRepository(source, { files: layout.files, env, signal, onOutput: output.write });
    }
  });
  return sources.map(({ url }) => hideUrlCredentials(url)).join(", ");
}

async function runSetup(spec: SandboxSpec, context: ProvisionContext): Promise<void> {
  const script = spec.setup_script;
  if (!script?.trim()) return;
  const { layout, environment: env, signal, runStep } = context;
  await runStep("run_scripts", "running the setup script", async () => {
    await withOutput(context, (output) => runSetupScript(script, { layout, env, output, signal }));
    return null;
  });
}

async function withOutput(
  context: ProvisionContext,
  work: (output: OutputRelay) => Promise<void>,
): Promise<void> {
  const { layout, redact, emit, now } = context;
  const output = createOutputRelay({ file: layout.setupLog, redact, emit, now });
  try {
    await work(output);
  } finally {
    await output.end();
  }
}

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) await removeTree(path.join(folder, name));
}

function withoutCredentials(spec: SandboxSpec): SandboxSpec {
  const source =
    spec.source?.type === "git" ? { ...spec.source, url: hideUrlCredentials(spec.source.url) } : spec.source;
  const git_repos = spec.git_repos?.map((repository) => ({
    ...repository,
    url: hideUrlCredentials(repository.url),
  }));
  return { ...spec, source, git_repos };
}
