import type { Secret } from "#src/domain/secret.ts";
import { parseDotenv, type DotenvProblem } from "#src/lib/dotenv.ts";

/** One name of a pasted `.env`, and what importing it will do. The value is never shown. */
export type ImportRow = { name: string; value: string; existing: Secret | null; problem: string | null };
export type ImportPlan = { rows: readonly ImportRow[]; problems: readonly DotenvProblem[] };

export type ImportOutcome = { name: string; result: "created" | "updated" | "failed"; error: string | null };

/** What importing a text into one place (the vault, or one backend) will do, name by name. */
export function planImport(text: string, stored: readonly Secret[], backend_id: string | null): ImportPlan {
  const here = new Map(
    stored.filter((secret) => secret.backend_id === backend_id).map((secret) => [secret.name, secret]),
  );
  const { entries, problems } = parseDotenv(text);
  return {
    rows: entries.map(({ name, value }) => ({
      name,
      value,
      existing: here.get(name) ?? null,
      problem: value === "" ? "its value is empty" : null,
    })),
    problems,
  };
}

/** How an import writes: one call for each name. */
export type ImportWriter = {
  create: (name: string, value: string) => Promise<unknown>;
  replace: (secret: Secret, value: string) => Promise<unknown>;
};

/** Writes the chosen rows one after the other; a failure is reported and the rest goes on. */
export async function runImport(
  rows: readonly ImportRow[],
  writer: ImportWriter,
  describe: (error: unknown) => string,
): Promise<readonly ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  for (const { name, value, existing } of rows) {
    try {
      await (existing ? writer.replace(existing, value) : writer.create(name, value));
      outcomes.push({ name, result: existing ? "updated" : "created", error: null });
    } catch (error) {
      outcomes.push({ name, result: "failed", error: describe(error) });
    }
  }
  return outcomes;
}
