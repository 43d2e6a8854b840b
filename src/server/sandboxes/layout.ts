import path from "node:path";
import { BackendError } from "#src/backends/backend-error.ts";

/** Where one sandbox lives on disk. */
export type SandboxLayout = {
  /** The sandbox's own folder; everything below goes with it. */
  root: string;
  /** What the agents work on; their current directory. */
  files: string;
  /** `XDG_DATA_HOME` of its agent server: installed agents and what they store. */
  agent: string;
  /** `CODEX_HOME`, when the sandbox has a Codex sign-in of its own. */
  codex: string;
  record: string;
  agentLog: string;
  setupLog: string;
  setupScript: string;
};

const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The folder that holds all sandboxes. */
export function sandboxesFolder(dataDir: string): string {
  return path.join(dataDir, "sandboxes");
}

/** @throws BackendError `invalid_request` when the id could name another folder. */
export function sandboxLayout(dataDir: string, sandbox_id: string): SandboxLayout {
  if (!SAFE_ID.test(sandbox_id)) {
    throw new BackendError("invalid_request", `"${sandbox_id}" is not a sandbox id.`);
  }
  const root = path.join(sandboxesFolder(dataDir), sandbox_id);
  return {
    root,
    files: path.join(root, "files"),
    agent: path.join(root, "agent"),
    codex: path.join(root, "codex"),
    record: path.join(root, "sandbox.json"),
    agentLog: path.join(root, "agent.log"),
    setupLog: path.join(root, "setup.log"),
    setupScript: path.join(root, "setup.sh"),
  };
}

/** Whether `child` is `parent` or lies below it; both absolute. */
export function isInside(parent: string, child: string): boolean {
  const relative = path.relative(parent, child);
  return (
    relative === "" ||
    (!relative.startsWith(`..${path.sep}`) && relative !== ".." && !path.isAbsolute(relative))
  );
}
