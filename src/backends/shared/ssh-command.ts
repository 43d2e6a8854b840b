/** The command for a destination, which is a list of arguments: in a shell none of them can be more than that. */
export function sshCommand(destination: string): string {
  const words = destination.split(/\s+/).filter((word) => word !== "");
  return ["ssh", ...words.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
