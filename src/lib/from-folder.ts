/** A path told from a folder that it lies in; any other path as it is. */
export function fromFolder(path: string, folder: string | null): string {
  const prefix = folder && insideOf(folder);
  return prefix && path.length > prefix.length && path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** A text whose paths into a folder are told from there. */
export function textFromFolder(text: string, folder: string | null): string {
  if (!folder || !text.includes(insideOf(folder))) return text;
  return text.startsWith(insideOf(folder))
    ? fromFolder(text, folder)
    : text.replaceAll(/\S+/g, (word) => fromFolder(word, folder));
}

/** Where something happens, for a reader who knows in which folder the session works. */
export function placeWords(directory: string, folder: string | null): string {
  if (folder && insideOf(directory) === insideOf(folder)) return "in the session's folder";
  return `in ${fromFolder(directory, folder)}`;
}

function insideOf(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}
