import { access, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { isErrno } from "./errno.ts";
import type { SandboxLayout } from "./layout.ts";

/** Where agents keep their sign-in below the user's data folder; the others keep theirs below HOME, which stays. */
const SIGN_INS = ["opencode/auth.json", "amp/secrets.json"];

/**
 * Links the user's own sign-ins into a sandbox's data folder, which stands in for the user's: without them an agent
 * that is signed in on this machine would seem not to be. What a sandbox has of its own stays.
 */
export async function shareSignIns(layout: SandboxLayout, home: string | undefined): Promise<void> {
  const userData = process.env.XDG_DATA_HOME ?? (home && path.join(home, ".local", "share"));
  if (!userData) return;
  for (const file of SIGN_INS) {
    const [original, link] = [path.join(userData, file), path.join(layout.agent, file)];
    if (await exists(original)) await linkOnce(original, link);
  }
}

/** Links a file of the user's unless something of that name is there. */
export async function linkOnce(original: string, link: string): Promise<void> {
  await mkdir(path.dirname(link), { recursive: true, mode: 0o700 });
  try {
    await symlink(original, link);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

export async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
