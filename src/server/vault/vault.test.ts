import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadKeys } from "./key.ts";
import { createVault } from "./vault.ts";

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

describe("the vault", () => {
  test("opens what it sealed, for any text and place", () => {
    const vault = createVault([key]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (value, place) => {
        expect(vault.open(vault.seal(value, place), place)).toBe(value);
      }),
    );
  });

  test("seals one value in two ways, neither of which shows it", () => {
    const vault = createVault([key]);
    const sealed = [vault.seal("hunter2", "secrets/1"), vault.seal("hunter2", "secrets/1")];
    expect(new Set(sealed).size).toBe(2);
    for (const text of sealed)
      expect(Buffer.from(text.split(".")[2]!, "base64url").toString()).not.toContain("hunter2");
  });

  test("refuses a value with any one character changed", () => {
    const vault = createVault([key]);
    const sealed = vault.seal("hunter2", "secrets/1");
    fc.assert(
      fc.property(
        fc.nat(sealed.length - 1),
        fc.constantFrom("0", "a", "Z", "_", ".", "-"),
        (at, character) => {
          fc.pre(sealed[at] !== character);
          const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
          // The last character of base64 may carry bits that belong to no byte.
          fc.pre(!Buffer.from(changed, "base64url").equals(Buffer.from(sealed, "base64url")) || at < 12);
          expect(() => vault.open(changed, "secrets/1")).toThrow(
            expect.objectContaining({ name: "VaultError" }),
          );
        },
      ),
    );
  });

  test.each([
    ["another row's value", "secrets/2"],
    ["another table's value", "backends/1"],
  ])("refuses %s", (_name, place) => {
    const vault = createVault([key]);
    expect(() => vault.open(vault.seal("hunter2", "secrets/1"), place)).toThrow(
      expect.objectContaining({ code: "damaged" }),
    );
  });

  test("says which key is missing, and no value", () => {
    const sealed = createVault([key]).seal("hunter2", "secrets/1");
    const open = () => createVault([other]).open(sealed, "secrets/1");
    expect(open).toThrow(expect.objectContaining({ code: "wrong_key" }));
    expect(open).toThrow(/secrets\/1 was sealed with the key [0-9a-f]{8}, and this server has [0-9a-f]{8}/);
    expect(open).not.toThrow(/hunter2/);
  });

  test("a rotation opens old values and seals with the new key", () => {
    const old = createVault([key]).seal("hunter2", "secrets/1");
    const vault = createVault([other, key]);
    expect(vault.open(old, "secrets/1")).toBe("hunter2");
    expect(vault.isStale(old)).toBe(true);
    const fresh = vault.seal("hunter2", "secrets/1");
    expect(vault.isStale(fresh)).toBe(false);
    expect(createVault([other]).open(fresh, "secrets/1")).toBe("hunter2");
  });
});

describe("loadKeys", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbar-key-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("makes a key file that only its owner may read, once", () => {
    const [made] = loadKeys(folder, null);
    expect(made).toHaveLength(32);
    expect(statSync(join(folder, "key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["key"]);
    expect(loadKeys(folder, null)).toEqual([made]);
  });

  test("takes the file's permissions back", () => {
    loadKeys(folder, null);
    chmodSync(join(folder, "key"), 0o644);
    loadKeys(folder, null);
    expect(statSync(join(folder, "key")).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["base64", key.toString("base64"), [key]],
    ["base64url", other.toString("base64url"), [other]],
    ["hexadecimal", key.toString("hex"), [key]],
    ["a rotation", `${other.toString("hex")}, ${key.toString("base64")}`, [other, key]],
  ])("reads SANDBAR_KEY as %s", (_name, given, expected) => {
    expect(loadKeys(folder, given)).toEqual(expected);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["", "short", "zz".repeat(32), key.toString("base64").slice(4), `${key.toString("hex")},`])(
    "refuses %j without repeating it",
    (given) => {
      expect(() => loadKeys(folder, given)).toThrow(expect.objectContaining({ code: "bad_key" }));
      if (given) expect(() => loadKeys(folder, given)).not.toThrow(given);
    },
  );

  test("refuses a key file that holds no key, and leaves it alone", () => {
    writeFileSync(join(folder, "key"), "");
    expect(() => loadKeys(folder, null)).toThrow(/key is not a key/);
    expect(readFileSync(join(folder, "key"), "utf8")).toBe("");
  });
});
