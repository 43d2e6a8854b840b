import { expect, test } from "vitest";
import { mockCapabilities } from "#src/testing/mock-capabilities.ts";
import { capabilityGroups, otherNotes } from "./capability-rows.logic.ts";

const all = mockCapabilities();
const limited = mockCapabilities({
  sandboxes: { ...all.sandboxes, pause: false, ssh: false },
  sources: [],
  provider_secrets: [],
  notes: { "sandboxes.pause": "A process cannot be paused.", general: "Its sessions have no live events." },
});

const find = (key: string) =>
  capabilityGroups(limited)
    .flatMap(({ rows }) => rows)
    .find((row) => row.key === key);

test("a missing feature carries its reason when there is one", () => {
  expect(find("sandboxes.pause")).toMatchObject({ works: false, detail: "A process cannot be paused." });
  expect(find("sandboxes.ssh")).toMatchObject({ label: "SSH access", works: false, detail: null });
  expect(find("sources")).toMatchObject({ works: false, detail: null });
});

test("lists say what they hold", () => {
  const rows = capabilityGroups(all).flatMap((group) => group.rows);
  expect(rows.find(({ key }) => key === "sources")?.detail).toBe(
    "an empty folder, a repository, a copy of a local folder",
  );
  expect(rows.find(({ key }) => key === "sessions.attachments")?.detail).toBe(
    "images and files, up to 5.0 MB",
  );
});

test("every flag of the capabilities has a row", () => {
  const keys = new Set(capabilityGroups(all).flatMap(({ rows }) => rows.map(({ key }) => key)));
  for (const group of ["sandboxes", "agents", "sessions", "secrets"] as const) {
    for (const [name, value] of Object.entries(all[group])) {
      if (typeof value === "boolean") expect(keys).toContain(`${group}.${name}`);
    }
  }
});

test("notes without a row are not lost", () => {
  expect(otherNotes(limited)).toEqual(["Its sessions have no live events."]);
});
