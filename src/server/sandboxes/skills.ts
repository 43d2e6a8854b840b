import { cp, mkdir, mkdtemp, readdir } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import { cloneRepository } from "./clone-repository.ts";
import { isErrno } from "./errno.ts";
import { confine, confineNew } from "./files.ts";
import { checkSource } from "./git-source.ts";
import type { SandboxContext } from "./launch.ts";
import { removeTree } from "./remove-folder.ts";

const Source = z.object({
  type: z.enum(["local", "git", "github"]),
  source: z.string().min(1),
  skills: z.array(z.string()).nullish(),
  ref: z.string().nullish(),
  subpath: z.string().nullish(),
});
type Source = z.infer<typeof Source>;
const Skills = z.object({ sources: z.array(Source) });

type Place = Pick<SandboxContext, "layout" | "environment"> & { folder: string; signal: AbortSignal };

/** Where agents look for skills in the folder they work in (Sandbox Agent 0.1's spec, section 5). */
const SKILL_FOLDERS = [".agents/skills", ".claude/skills", ".opencode/skill"];
const SKILL_FILE = "SKILL.md";
const MAX_DEPTH = 4;

/**
 * Copies the skills of a session's `metadata.skills` to where agents look for them in `folder`. A source is a folder of
 * the sandbox or a repository, and gives each folder in it that holds a `SKILL.md`. A skill that is there already stays
 * as it is.
 *
 * @throws BackendError `invalid_request` for what names no skills, and git's own reason for a repository
 */
export async function installSkills(given: unknown, place: Place): Promise<void> {
  if (given === undefined || given === null) return;
  const { data } = Skills.safeParse(given);
  if (!data) {
    throw new BackendError(
      "invalid_request",
      "Skills are an object with sources, each with a type (local, git or github) and a source.",
    );
  }
  for (const source of data.sources) {
    if (source.type === "local") {
      await copySkills(source, await confine(place.layout.files, source.source), place);
    } else {
      await withClone(source, place, (clone) => copySkills(source, clone, place));
    }
  }
}

async function withClone(
  { type, source, ref }: Source,
  { layout, environment, signal }: Place,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const url = type === "github" && !URL.canParse(source) ? `https://github.com/${source}.git` : source;
  const repository = { url, branch: ref ?? null, new_branch: null, folder: "." };
  checkSource(repository);
  const clone = await mkdtemp(path.join(layout.root, "skills-"));
  try {
    await cloneRepository(repository, { files: clone, env: environment, signal, onOutput() {} });
    await work(clone);
  } finally {
    await removeTree(clone);
  }
}

async function copySkills(source: Source, root: string, place: Place): Promise<void> {
  const from = await confine(root, source.subpath ?? "");
  const wanted = source.skills ?? null;
  const found = (await findSkills(from, MAX_DEPTH)).filter(
    (folder) => wanted === null || wanted.includes(path.basename(folder)),
  );
  if (found.length === 0) {
    const which = wanted === null ? "no skill" : `none of the skills ${wanted.join(", ")}`;
    throw new BackendError("invalid_request", `${source.source} has ${which}.`);
  }
  for (const skill of found) {
    // A clone's folder has no name of its own.
    const isClone = source.type !== "local" && !source.subpath && skill === from;
    const name = isClone ? path.basename(source.source, ".git") : path.basename(skill);
    for (const folder of SKILL_FOLDERS) await copyOnce(skill, path.join(folder, name), place);
  }
}

/** Folders with a `SKILL.md`; a skill's own folders are part of it and not searched. */
async function findSkills(folder: string, depth: number): Promise<string[]> {
  const entries = await listed(folder);
  if (entries.some((entry) => entry.isFile() && entry.name === SKILL_FILE)) return [folder];
  if (depth === 0) return [];
  const inner = entries
    .filter((entry) => entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules")
    .map((entry) => findSkills(path.join(folder, entry.name), depth - 1));
  return (await Promise.all(inner)).flat();
}

async function listed(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, "ENOTDIR")) throw new BackendError("invalid_request", `${folder} is not a folder.`);
    throw error;
  }
}

async function copyOnce(skill: string, relative: string, { layout, folder }: Place): Promise<void> {
  const target = await confineNew(layout.files, path.join(folder, relative));
  await mkdir(path.dirname(target), { recursive: true });
  await cp(skill, target, {
    recursive: true,
    verbatimSymlinks: true,
    force: false,
    filter: (entry) => path.basename(entry) !== ".git",
  });
}
