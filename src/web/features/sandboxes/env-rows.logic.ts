import { parseDotenv, type DotenvProblem } from "#src/lib/dotenv.ts";

/** A variable as it is being typed. */
export type EnvRow = { name: string; value: string };

/**
 * Puts a pasted `.env` into the rows: a name that is there already takes the new value, new ones come in where the
 * text was pasted, and rows with nothing in them go. `problems` are the lines that could not be read.
 */
export function pasteEnv(
  rows: readonly EnvRow[],
  at: number,
  text: string,
): { rows: EnvRow[]; problems: readonly DotenvProblem[] } {
  const { entries, problems } = parseDotenv(text);
  const pasted = new Map(entries.map(({ name, value }) => [name, value]));
  const updated = rows.map((row) => ({ ...row, value: pasted.get(row.name) ?? row.value }));
  const known = new Set(rows.map((row) => row.name));
  const fresh = entries.filter(({ name }) => !known.has(name)).map(({ name, value }) => ({ name, value }));
  const merged = [...updated.slice(0, at + 1), ...fresh, ...updated.slice(at + 1)];
  return { rows: merged.filter((row) => row.name !== "" || row.value !== ""), problems };
}

/** What is wrong with a row's name, or null. Rows with nothing in them are left out, so nothing is wrong with them. */
export function envNameProblem(rows: readonly { name: string; value: string }[], at: number): string | null {
  const row = rows[at];
  if (!row || (row.name === "" && row.value === "")) return null;
  if (row.name === "") return "Give it a name";
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(row.name)) return "Letters, digits and _ only, not a digit first";
  const first = rows.findIndex((other) => other.name === row.name);
  return first < at ? `${row.name} is set twice` : null;
}

/** The rows as the API takes them. */
export function envRecord(rows: readonly EnvRow[]): Record<string, string> {
  return Object.fromEntries(rows.filter(({ name }) => name !== "").map(({ name, value }) => [name, value]));
}

/** A variable name for a stored secret: `github token` → `GITHUB_TOKEN`. */
export function envNameFor(secret: string): string {
  const name = secret
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return /^\d/.test(name) ? `_${name}` : name;
}
