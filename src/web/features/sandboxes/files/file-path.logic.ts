export type Crumb = { name: string; path: string };

/**
 * The folders above and at a path, outermost first; the sandbox's own folder, path "", is not one of them. A backend's
 * paths are relative to that folder, or absolute: then they start at `/`.
 */
export function crumbsOf(path: string): Crumb[] {
  const names = path.split("/").filter((name) => name !== "");
  const start = path.startsWith("/") ? "/" : "";
  const below = names.map((name, index) => ({ name, path: start + names.slice(0, index + 1).join("/") }));
  return start ? [{ name: "/", path: "/" }, ...below] : below;
}

export function nameOf(path: string): string {
  return path.split("/").findLast((name) => name !== "") ?? path;
}

/** The folder that a path is in; "" when it is the sandbox's own. */
export function folderOf(path: string): string {
  return crumbsOf(path).at(-2)?.path ?? "";
}

/** The path of a file of that name in a folder. */
export function pathIn(folder: string, name: string): string {
  return folder === "" || folder === "/" ? folder + name : `${folder}/${name}`;
}

type Listed = { path: string; is_dir: boolean };

/** Folders first, then by name, numbers in their order. */
export function inOrder<T extends Listed>(files: readonly T[]): T[] {
  return files.toSorted(
    (a, b) => Number(b.is_dir) - Number(a.is_dir) || collator.compare(nameOf(a.path), nameOf(b.path)),
  );
}

const collator = new Intl.Collator("en", { numeric: true });

/**
 * The path that a name, or a path from the folder, leads to: `../docs/a.txt` in `src` is `docs/a.txt`. Null when it
 * climbs out of the sandbox's own folder.
 */
export function targetOf(folder: string, typed: string): string | null {
  const isAbsolute = typed.startsWith("/");
  const start = isAbsolute || folder.startsWith("/") ? "/" : "";
  const names: string[] = [];
  for (const name of [...(isAbsolute ? [] : folder.split("/")), ...typed.split("/")]) {
    if (name === "..") {
      if (names.pop() === undefined) return null;
    } else if (name !== "" && name !== ".") names.push(name);
  }
  return start + names.join("/");
}

/** The most bytes that a name has on the disks there are. */
const MOST_NAME_BYTES = 255;

/** Why a file or folder cannot be called that, in one sentence; null when it can. `taken` are the paths that are there. */
export function nameProblem(folder: string, typed: string, taken: readonly string[]): string | null {
  if (typed === "") return "Enter a name.";
  const name = typed.slice(typed.lastIndexOf("/") + 1);
  if (name === "") return "End with a name, not with a slash.";
  if (name === "." || name === "..") return `“${name}” is no name: it stands for a folder.`;
  if (typed.split("/").some((part) => new TextEncoder().encode(part).length > MOST_NAME_BYTES))
    return `A name has ${MOST_NAME_BYTES} bytes at most.`;
  if (typed.includes("\0")) return "A name has no such characters.";
  const target = targetOf(folder, typed);
  if (target === null) return "This leads out of the sandbox's folder.";
  return taken.includes(target) ? `${name} is there already. Choose another name.` : null;
}
