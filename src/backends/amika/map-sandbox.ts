import type { UpstreamSandbox } from "#src/backends/backend.ts";
import type { SandboxState } from "#src/domain/sandbox.ts";
import type { WireSandbox } from "./wire.ts";

/** The track `status`; its `unknown` means: ask the other one. */
const STATUS: ReadonlyMap<string, SandboxState> = new Map<string, SandboxState>([
  ["creating", "creating"],
  ["starting", "creating"],
  ["running", "running"],
  ["stopping", "stopping"],
  ["suspending", "stopping"],
  ["suspended", "stopped"],
  ["stopped", "stopped"],
  // It goes on working unless its capture deletes it in the end.
  ["snapshotting", "running"],
  ["failed", "failed"],
]);

/** The older track `state`, a mix of Amika's own words and its providers'. */
const STATE: ReadonlyMap<string, SandboxState> = new Map<string, SandboxState>([
  ["initializing", "creating"],
  ["active", "running"],
  ["running", "running"],
  ["started", "running"],
  ["stopping", "stopping"],
  ["stopped", "stopped"],
  ["snapshotting", "running"],
  ["failed", "failed"],
  ["errored", "failed"],
]);

/** What became of the repository and the setup script; independent of whether the sandbox runs. */
const SETUP: ReadonlyMap<string, string> = new Map([
  ["setup-running", "The setup script runs (setup-running)."],
  ["git-failed", "The repository could not be cloned (git-failed)."],
  ["setup-failed", "The setup script failed (setup-failed)."],
  ["sys-setup-failed", "Amika's own setup of the sandbox failed (sys-setup-failed)."],
]);

/** Words that say no more than the state they map to. */
const PLAIN = new Set(["running", "active", "started", "stopped", "creating", "stopping", "failed"]);

export type Life = {
  state: SandboxState;
  /** Amika's word that decided. */
  word: string;
};

/** Where a sandbox is in its life (spec 1.1, "Three status tracks"). A word nobody knows counts as `pending`. */
export function lifeOf({ status, state }: Pick<WireSandbox, "status" | "state">): Life {
  const words = [status, state].flatMap((word) => word || []);
  const deletion = words.find((word) => /delet/i.test(word));
  if (deletion !== undefined)
    return { state: /deleted/i.test(deletion) ? "terminated" : "stopping", word: deletion };
  const told = STATUS.get(status ?? "");
  if (status && told) return { state: told, word: status };
  const older = STATE.get(state ?? "");
  if (state && older) return { state: older, word: state };
  return { state: "pending", word: words[0] ?? "unknown" };
}

/** Whether the sandbox is on its way out; lists leave it out. */
export function isBeingDeleted(sandbox: WireSandbox): boolean {
  return /delet/i.test(lifeOf(sandbox).word);
}

/** Whether the setup failed; the sandbox runs all the same. */
export function setupFailure({ setup_status }: Pick<WireSandbox, "setup_status">): string | null {
  return setup_status?.endsWith("failed") ? (SETUP.get(setup_status) ?? setup_status) : null;
}

function detailOf(sandbox: WireSandbox, { state, word }: Life): string | null {
  const { setup_status, error_message } = sandbox;
  const setup = setup_status && setup_status !== "ok" ? (SETUP.get(setup_status) ?? setup_status) : null;
  const own = PLAIN.has(word) ? null : word;
  const error = state === "failed" || setup?.includes("failed") ? (error_message ?? null) : null;
  return [own, setup, error].flatMap((part) => part || []).join(" ") || null;
}

/** A sandbox in the domain's words; what has no word there is kept in `extra`. */
export function toSandbox(wire: WireSandbox): UpstreamSandbox {
  // Services hold short-lived addresses; they are asked for when somebody looks.
  const { id, name, repo_url, branch, created_at, agent_cwd, services: _services, ...extra } = wire;
  const life = lifeOf(wire);
  return {
    ref: id,
    name,
    state: life.state,
    state_detail: detailOf(wire, life),
    persistence: "persistent",
    repository: repo_url ? withoutCredentials(repo_url) : null,
    branch: branch || null,
    ...(agent_cwd && { directory: agent_cwd }),
    ...(created_at && { created_at }),
    extra,
  };
}

function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}
