/** A path by its last parts, which tell files apart; the whole one belongs into a title. */
export function shortPath(path: string, parts = 3): string {
  const all = path.split("/");
  return all.length <= parts + 1 ? path : `…/${all.slice(-parts).join("/")}`;
}
