import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addBackend, addSandbox } from "#src/testing/stored-rows.ts";
import { getBackendRow } from "../store/backends.ts";
import { openStore, type Store } from "../store/open.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { resealAll } from "./reseal.ts";
import { createVault } from "./vault.ts";

const [old, next] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
  const vault = createVault([old]);
  await addBackend(store.db, { id: "local", token_sealed: vault.seal("token", "backends/local") });
  await addSandbox(store.db, { id: "x1", env_sealed: vault.seal("env", "sandboxes/x1") });
  await addSandbox(store.db, { id: "x2" });
});
afterEach(() => store.close());

const sealed = async () => [
  (await getBackendRow(store.db, "local"))?.token_sealed ?? "",
  (await getSandboxRow(store.db, "x1"))?.env_sealed ?? "",
];

test("after a rotation the new key opens everything alone, and a second start changes nothing", async () => {
  await resealAll(store.db, createVault([next, old]));
  const [token, env] = await sealed();
  const vault = createVault([next]);
  expect([vault.open(token!, "backends/local"), vault.open(env!, "sandboxes/x1")]).toEqual(["token", "env"]);
  await resealAll(store.db, vault);
  expect(await sealed()).toEqual([token, env]);
});

test("without the old key nothing is changed, and the error says which is missing", async () => {
  const before = await sealed();
  await expect(resealAll(store.db, createVault([next]))).rejects.toMatchObject({ code: "wrong_key" });
  expect(await sealed()).toEqual(before);
});

test("every column of sealed values takes part", async () => {
  const { rows } = await sql<{ name: string }>`
    select m.name || '.' || c.name as name from sqlite_master m, pragma_table_info(m.name) c
    where m.type = 'table' and c.name glob '*_sealed'
  `.execute(store.db);
  expect(rows.map(({ name }) => name).sort()).toEqual([
    "backends.token_sealed",
    "credentials.value_sealed",
    "sandboxes.env_sealed",
    "secrets.value_sealed",
  ]);
});
