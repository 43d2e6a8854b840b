import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listBackendRows, updateBackend } from "./backends.ts";
import { openStore, type Store } from "./open.ts";
import type { Db } from "./schema.ts";
import {
  deleteCredential,
  findSecretByName,
  insertCredential,
  insertSecret,
  listCredentials,
  listSecrets,
} from "./secrets.ts";
import { uniqueViolation } from "./store-error.ts";
import { addBackend, addSandbox } from "#src/testing/stored-rows.ts";

let store: Store;
let db: Db;
beforeEach(async () => {
  store = await openStore(":memory:");
  db = store.db;
  await addBackend(db, { id: "local" });
});
afterEach(() => store.close());

const hour = (number: number): string => `2026-01-01T${String(number).padStart(2, "0")}:00:00.000Z`;

describe("backends", () => {
  test("that were removed are not listed", async () => {
    await addBackend(db, { id: "gone", removed_at: hour(1) });
    await addBackend(db, { id: "later", created_at: hour(2) });
    await updateBackend(db, "later", { state: "offline" });
    await updateBackend(db, "later", {});
    expect((await listBackendRows(db)).map(({ id, state }) => [id, state])).toEqual([
      ["local", "online"],
      ["later", "offline"],
    ]);
  });
});

describe("secrets and credentials", () => {
  const times = { created_at: hour(1), updated_at: hour(1) };
  const secret = (id: string, name: string, backend_id: string | null = null) =>
    insertSecret(db, {
      id,
      name,
      backend_id,
      scope: "user",
      description: null,
      upstream_id: null,
      last_used_at: null,
      ...times,
      value_sealed: "SEALED",
    });

  test("are listed without their values, with what uses them", async () => {
    await secret("1", "TOKEN");
    await secret("2", "UNUSED");
    await addSandbox(db, { id: "x1", name: "web", spec: '{"secret_env_vars":{"A":"TOKEN","B":"TOKEN"}}' });
    await addSandbox(db, {
      id: "x2",
      spec: '{"secret_env_vars":{"A":"TOKEN"}}',
      state: "terminated",
      terminated_at: hour(1),
    });
    const secrets = await listSecrets(db);
    expect(secrets.map(({ name, used_by }) => [name, used_by])).toEqual([
      [
        "TOKEN",
        [
          { sandbox_id: "x1", sandbox_name: "web", env_name: "A" },
          { sandbox_id: "x1", sandbox_name: "web", env_name: "B" },
        ],
      ],
      ["UNUSED", []],
    ]);
    expect(JSON.stringify(secrets)).not.toContain("SEALED");
    expect((await findSecretByName(db, "TOKEN"))?.value_sealed).toBe("SEALED");
  });

  test("have names of their own in the vault", async () => {
    await secret("1", "TOKEN");
    expect(await secret("2", "TOKEN").catch(uniqueViolation)).toBe("secrets.name");
    await secret("3", "TOKEN", "far");
    expect((await listSecrets(db, { backend_id: null })).map(({ id }) => id)).toEqual(["1"]);
  });

  test("credentials belong to a provider", async () => {
    const row = {
      name: "main",
      type: "api_key" as const,
      scope: "user" as const,
      backend_id: null,
      upstream_id: null,
    };
    await insertCredential(db, { id: "1", provider: "claude", ...row, value_sealed: "SEALED", ...times });
    await insertCredential(db, { id: "2", provider: "codex", ...row, value_sealed: "SEALED", ...times });
    expect(JSON.stringify(await listCredentials(db, "claude"))).not.toContain("SEALED");
    expect(await deleteCredential(db, "codex", "1")).toBe(false);
    expect(await deleteCredential(db, "claude", "1")).toBe(true);
    expect((await listCredentials(db)).map(({ id }) => id)).toEqual(["2"]);
  });
});
