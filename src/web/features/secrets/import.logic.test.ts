import { expect, test } from "vitest";
import type { Secret } from "#src/domain/secret.ts";
import { planImport, runImport } from "./import.logic.ts";

const secret = (name: string, backend_id: string | null = null): Secret => ({
  id: `id-${name}`,
  name,
  description: null,
  scope: "user",
  backend_id,
  used_by: [],
  last_used_at: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
});

test("tells what is new, what is replaced and what cannot be kept", () => {
  const stored = [secret("A"), secret("B", "remote")];
  const { rows, problems } = planImport("A=1\nB=2\nC=\njunk", stored, null);
  expect(rows.map(({ name, existing, problem }) => [name, existing?.id ?? null, problem])).toEqual([
    ["A", "id-A", null],
    ["B", null, null],
    ["C", null, "its value is empty"],
  ]);
  expect(problems).toEqual([{ line: 4, message: "not of the form NAME=value" }]);
});

test("each name gets its outcome, whatever happens to the others", async () => {
  const { rows } = planImport("A=1\nB=2\nC=3", [secret("A")], null);
  const calls: string[] = [];
  const outcomes = await runImport(
    rows,
    {
      create: async (name, value) => {
        calls.push(`create ${name}=${value}`);
        if (name === "B") throw new Error("taken");
      },
      replace: async ({ id }, value) => {
        calls.push(`replace ${id}=${value}`);
      },
    },
    (error) => (error instanceof Error ? error.message : "?"),
  );
  expect(calls).toEqual(["replace id-A=1", "create B=2", "create C=3"]);
  expect(outcomes).toEqual([
    { name: "A", result: "updated", error: null },
    { name: "B", result: "failed", error: "taken" },
    { name: "C", result: "created", error: null },
  ]);
});
