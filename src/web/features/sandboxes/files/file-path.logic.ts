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
