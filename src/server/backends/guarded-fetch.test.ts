import { describe, expect, test } from "vitest";
import { checkBackendUrl, createGuardedFetch } from "./guarded-fetch.ts";

const guard = {
  own: () => ({ host: "127.0.0.1", port: 4270 }),
  resolve: async (host: string) => {
    const table: Record<string, string[]> = {
      "metadata.evil.example": ["169.254.169.254"],
      "both.example": ["10.0.0.1", "fe80::1"],
      localhost: ["127.0.0.1", "::1"],
      "ok.example": ["93.184.216.34"],
    };
    const found = table[host];
    if (!found) throw new Error("ENOTFOUND");
    return found;
  },
};

describe("checkBackendUrl", () => {
  test.each([
    ["http://169.254.169.254/latest/meta-data", /metadata/],
    ["http://[::ffff:169.254.169.254]/", /metadata/],
    ["http://metadata.evil.example/", /metadata/],
    ["http://both.example/", /metadata/],
    ["http://100.100.100.200/", /metadata/],
    ["http://0.0.0.0:4270/", /metadata/],
    ["http://localhost:4270/api/v1", /own address/],
    ["http://127.0.0.1:4270", /own address/],
    ["http://[::1]:4270", /own address/],
    ["ftp://ok.example/", /http/],
    ["http://user:pass@ok.example/", /own field/],
    ["http://nowhere.example/", /could not be found/],
  ])("refuses %s", async (address, message) => {
    await expect(checkBackendUrl(new URL(address), guard)).rejects.toThrow(message);
  });

  test.each([
    "http://ok.example/",
    "https://ok.example:8443/x",
    "http://127.0.0.1:2468",
    "http://localhost:4271",
  ])("allows %s", async (address) => {
    await expect(checkBackendUrl(new URL(address), guard)).resolves.toBeUndefined();
  });
});

test("the guarded fetch checks before it calls", async () => {
  const guarded = createGuardedFetch(guard);
  await expect(guarded("http://169.254.169.254/", {})).rejects.toThrow(/metadata/);
});
