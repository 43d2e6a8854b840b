import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { BackendKind } from "#src/domain/backend.ts";

const source = path.join(import.meta.dirname, "..");

test.each(BackendKind.exclude(["local"]).options)("the adapter of %s runs the whole suite", async (kind) => {
  const file = path.join(source, "backends", kind.replaceAll("_", "-"), "backend.test.ts");
  expect(await readFile(file, "utf8")).toMatch(/^\s*describeBackend\(/m);
});

test("the local backend runs the contract", async () => {
  const file = path.join(source, "server/sandboxes/contract.test.ts");
  expect(await readFile(file, "utf8")).toMatch(/^\s*describeContract\(/m);
});
