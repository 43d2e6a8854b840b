import { afterEach, beforeEach, expect, test } from "vitest";
import { SandboxSpecView } from "#src/domain/sandbox.ts";
import { openStore, type Store } from "../store/open.ts";
import { insertCredential } from "../store/secrets.ts";
import { createVault } from "../vault/vault.ts";
import { agentSignIns } from "./provider-credentials.ts";

const vault = createVault([Buffer.alloc(32, 7)]);
let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

type Kept = [provider: string, type: "api_key" | "oauth", value: string];

const AUTH_JSON = '{"tokens":{"access_token":"t"}}';
const CLAUDE_FILE = '{"claudeAiOauth":{"accessToken":"token-in-file"}}';

test.each<[what: string, kept: Kept[], spec: object, variables: object, codex: string | null]>([
  ["nothing", [], {}, {}, null],
  [
    "keys, without a choice",
    [
      ["claude", "api_key", "k1"],
      ["codex", "api_key", "k2"],
    ],
    {},
    { ANTHROPIC_API_KEY: "k1", OPENAI_API_KEY: "k2" },
    null,
  ],
  [
    "sign-ins where there is no key",
    [
      ["claude", "oauth", CLAUDE_FILE],
      ["codex", "oauth", AUTH_JSON],
    ],
    {},
    { CLAUDE_CODE_OAUTH_TOKEN: "token-in-file" },
    AUTH_JSON,
  ],
  [
    "keys before sign-ins",
    [
      ["claude", "api_key", "k1"],
      ["claude", "oauth", CLAUDE_FILE],
      ["codex", "api_key", "k2"],
      ["codex", "oauth", AUTH_JSON],
    ],
    {},
    { ANTHROPIC_API_KEY: "k1", OPENAI_API_KEY: "k2" },
    null,
  ],
  [
    "what was chosen",
    [
      ["claude", "api_key", "k1"],
      ["codex", "api_key", "k2"],
      ["codex", "oauth", AUTH_JSON],
    ],
    { credentials: ["id-2"] },
    {},
    AUTH_JSON,
  ],
  ["nothing when nothing was chosen", [["claude", "api_key", "k1"]], { credentials: [] }, {}, null],
  [
    "what the sandbox has not of its own",
    [
      ["claude", "api_key", "k1"],
      ["codex", "oauth", AUTH_JSON],
    ],
    { env_names: ["ANTHROPIC_API_KEY", "CODEX_HOME"] },
    {},
    null,
  ],
  [
    "a Claude token as it is, and no file for Codex that is none",
    [
      ["claude", "oauth", "sk-ant-oat01-plain\n"],
      ["codex", "oauth", "not a file"],
    ],
    {},
    { CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-plain" },
    null,
  ],
  ["no provider that Sandbar knows no place for", [["kimi", "api_key", "k"]], {}, {}, null],
])("a sandbox gets %s", async (_what, kept, spec, variables, codex_sign_in) => {
  for (const [index, [provider, type, value]] of kept.entries()) {
    const id = `id-${index}`;
    await insertCredential(store.db, {
      id,
      provider,
      name: id,
      type,
      scope: "user",
      backend_id: null,
      upstream_id: null,
      value_sealed: vault.seal(value, `credentials/${id}`),
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
    });
  }
  const view = SandboxSpecView.parse({ env_names: [], secret_env_vars: {}, ...spec });
  expect(await agentSignIns({ store, vault }, view)).toEqual({ variables, codex_sign_in });
});
