import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How one real agent is pointed at the scripted model (specs/sandbox-agent-acp.md, section 5). */
export type Profile = {
  id: "opencode" | "claude" | "codex";
  /** Variables of the sandbox that it runs in. */
  env: (modelUrl: string) => Record<string, string>;
  /** Files below HOME, by path. */
  files: (modelUrl: string) => Record<string, string>;
};

const openCodeConfig = (modelUrl: string) => ({
  $schema: "https://opencode.ai/config.json",
  autoupdate: false,
  share: "disabled",
  model: "scripted/one",
  small_model: "scripted/one",
  enabled_providers: ["scripted"],
  provider: {
    scripted: {
      npm: "@ai-sdk/openai-compatible",
      name: "Scripted",
      options: { baseURL: `${modelUrl}/v1`, apiKey: "any" },
      models: {
        one: { name: "Model one", reasoning: true, limit: { context: 100_000, output: 8_000 } },
        two: { name: "Model two", limit: { context: 50_000, output: 8_000 } },
      },
    },
  },
  permission: { edit: "ask", bash: "ask", webfetch: "ask" },
  // A mode of its own, beside OpenCode's `build` and `plan`.
  agent: { trusting: { mode: "primary", permission: { edit: "allow" } } },
});

const codexConfig = (modelUrl: string) => `
model = "gpt-5.4"
model_provider = "scripted"
model_reasoning_summary = "detailed"
approval_policy = "untrusted"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "Scripted"
base_url = "${modelUrl}/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"
`;

export const PROFILES: Record<Profile["id"], Profile> = {
  opencode: {
    id: "opencode",
    env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" }),
    files: (modelUrl) => ({
      ".config/opencode/opencode.json": JSON.stringify(openCodeConfig(modelUrl), null, 2),
    }),
  },
  claude: {
    id: "claude",
    env: (modelUrl) => ({
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: "any",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    }),
    files: () => ({}),
  },
  codex: {
    id: "codex",
    env: () => ({ SCRIPTED_KEY: "any" }),
    files: (modelUrl) => ({ ".codex/config.toml": codexConfig(modelUrl) }),
  },
};

export async function configure(profile: Profile, home: string, modelUrl: string): Promise<void> {
  for (const [path, text] of Object.entries(profile.files(modelUrl))) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
}
