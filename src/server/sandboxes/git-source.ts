import path from "node:path";
import { BackendError } from "#src/backends/backend-error.ts";
import type { SandboxSpec } from "#src/domain/sandbox.ts";
import { isInside } from "./layout.ts";
import { hideUrlCredentials } from "./redact.ts";

/** One repository to clone; `folder` is where, relative to the sandbox's files. */
export type GitSource = { url: string; branch: string | null; new_branch: string | null; folder: string };

/**
 * The repositories a spec asks for: its git source in the files folder itself, each of `git_repos` in a folder of
 * its own (a single one without a source takes the files folder).
 *
 * @throws BackendError `invalid_request` for a URL, branch or folder that git must not be given.
 */
export function gitSources(spec: SandboxSpec): GitSource[] {
  const sources: GitSource[] = [];
  if (spec.source?.type === "git") {
    const { url, branch = null, new_branch = null } = spec.source;
    sources.push({ url, branch, new_branch, folder: "." });
  }
  const repositories = spec.git_repos ?? [];
  const alone = repositories.length === 1 && !spec.source;
  for (const { url, branch = null, dest_path } of repositories) {
    const folder = typeof dest_path === "string" ? dest_path : alone ? "." : repositoryName(url);
    sources.push({ url, branch, new_branch: null, folder });
  }
  for (const source of sources) checkSource(source);
  return sources;
}

const PROTOCOLS = ["https:", "http:", "ssh:", "git:", "file:"];
/** `user@host:path`, git's short form of an ssh URL. */
const SCP_FORM = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:[^\s]+$/;
/** No leading hyphen, and none of the characters git forbids in a ref (git-check-ref-format). */
// oxlint-disable-next-line no-control-regex -- control characters are what it must refuse
const BRANCH = /^(?![-/.])[^\s~^:?*[\\\u0000-\u001f]+$/;

/** @throws BackendError `invalid_request` for a URL, branch or folder that git must not be given. */
export function checkSource({ url, branch, new_branch, folder }: GitSource): void {
  if (!isCloneable(url)) {
    throw new BackendError(
      "invalid_request",
      `"${hideUrlCredentials(url)}" is not a repository Sandbar can clone: use an https, ssh, git or file URL, user@host:path, or an absolute path.`,
    );
  }
  for (const name of [branch, new_branch]) {
    if (name !== null && !BRANCH.test(name)) {
      throw new BackendError("invalid_request", `"${name}" is not a branch name.`);
    }
  }
  if (path.isAbsolute(folder) || !isInside("/files", path.join("/files", folder))) {
    throw new BackendError("invalid_request", `"${folder}" is not a folder inside the sandbox.`);
  }
}

function isCloneable(url: string): boolean {
  if (path.isAbsolute(url) || SCP_FORM.test(url)) return true;
  return URL.canParse(url) && PROTOCOLS.includes(new URL(url).protocol);
}

function repositoryName(url: string): string {
  const last = url.replace(/\/+$/, "").split(/[/:]/).at(-1) ?? "";
  return last.replace(/\.git$/, "") || "repository";
}
