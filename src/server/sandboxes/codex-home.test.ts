import { mkdirSync, readFileSync, readlinkSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { keepCodexSignIn, tokensOf } from "./codex-home.ts";
import { sandboxEnvironment } from "./environment.ts";
import { sandboxLayout } from "./layout.ts";
import { make, open, temporaryFolder, testBackend } from "./test-local.ts";

const signIn = (refresh_token: string): string =>
  JSON.stringify({
    OPENAI_API_KEY: null,
    tokens: { id_token: "an-id-token-of-some-length", refresh_token, account_id: "short" },
    last_refresh: "2026-01-01T00:00:00Z",
  });
const first = signIn("the-first-refresh-token");

describe("a sandbox's own Codex sign-in", () => {
  it("is a file for this user only, with the user's settings beside it", async () => {
    const layout = sandboxLayout(temporaryFolder(), "box");
    const home = temporaryFolder();
    mkdirSync(path.join(home, ".codex"));
    writeFileSync(path.join(home, ".codex/config.toml"), "model = 'x'");
    vi.stubEnv("CODEX_HOME", undefined);
    await keepCodexSignIn(layout, first, home);
    vi.unstubAllEnvs();
    const file = path.join(layout.codex, "auth.json");
    expect(readFileSync(file, "utf8")).toBe(first);
    expect([statSync(file).mode & 0o777, statSync(layout.codex).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readlinkSync(path.join(layout.codex, "config.toml"))).toBe(path.join(home, ".codex/config.toml"));
  });

  it("keeps what Codex renewed, follows the vault, and goes when it is not wanted", async () => {
    const layout = sandboxLayout(temporaryFolder(), "box");
    const file = path.join(layout.codex, "auth.json");
    await keepCodexSignIn(layout, null, undefined);
    await keepCodexSignIn(layout, first, undefined);
    writeFileSync(file, signIn("renewed-by-codex-itself"));
    await keepCodexSignIn(layout, first, undefined);
    expect(readFileSync(file, "utf8")).toContain("renewed-by-codex-itself");
    await keepCodexSignIn(layout, signIn("another-sign-in-of-the-vault"), undefined);
    expect(readFileSync(file, "utf8")).toContain("another-sign-in-of-the-vault");
    await keepCodexSignIn(layout, null, undefined);
    expect(readdirSync(layout.codex)).toEqual([]);
  });

  it("counts for more than keys that Sandbar was started with, not more than the sandbox's own", () => {
    const layout = sandboxLayout("/data", "box");
    const inherited = { OPENAI_API_KEY: "exported", CODEX_HOME: "/home/me/.codex" };
    const parts = { sandbox_id: "box", layout, env_vars: {}, secret_values: {} };
    expect(sandboxEnvironment(parts, inherited)).toMatchObject(inherited);
    const signedIn = sandboxEnvironment({ ...parts, codex_sign_in: first }, inherited);
    expect(signedIn).toMatchObject({ CODEX_HOME: layout.codex });
    expect(signedIn).not.toHaveProperty("OPENAI_API_KEY");
    const own = { ...parts, env_vars: { OPENAI_API_KEY: "own" }, codex_sign_in: first };
    expect(sandboxEnvironment(own, inherited)).toMatchObject({ OPENAI_API_KEY: "own" });
  });

  it("is masked in output", () => {
    expect(tokensOf(first)).toEqual([
      "an-id-token-of-some-length",
      "the-first-refresh-token",
      "2026-01-01T00:00:00Z",
    ]);
    expect(tokensOf(null)).toEqual([]);
  });

  it("is there for setup scripts and commands, shows the agent as signed in, and goes with the sandbox", async () => {
    const backend = testBackend();
    const show = 'cat "$CODEX_HOME/auth.json"';
    const { id, events, done } = make(backend, { setup_script: show }, { codex_sign_in: first });
    await done;
    expect(JSON.stringify(events)).toContain("•••");
    expect(JSON.stringify(events)).not.toContain("the-first-refresh-token");
    const count = ["sh", "-c", 'wc -c < "$CODEX_HOME/auth.json"'];
    const { stdout } = await backend.exec!(id, { command: count }, open);
    expect(Number(stdout)).toBe(first.length);
    const codex = (await backend.listAgents(id, open)).find((agent) => agent.id === "codex");
    expect(codex?.credentials_available).toBe(true);
    await backend.controlSandbox(id, "delete", open);
    expect(readdirSync(path.join(backend.dataDir, "sandboxes"))).not.toContain(id);
  });
});
