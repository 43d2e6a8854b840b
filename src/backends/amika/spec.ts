import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import type { SpecProblem } from "#src/backends/backend.ts";
import type { SandboxSpec } from "#src/domain/sandbox.ts";

/** Agents that Amika injects credentials for. */
export const AGENT_KINDS = ["claude", "codex"] as const;

const Minutes = z.number("a whole number of minutes").int("a whole number of minutes");

/** Fields of the create body (spec 1.1) that Sandbar has no word for; given in `spec.extra` under Amika's names. */
const Extra = z.looseObject({
  provider: z.string().optional(),
  auto_delete_interval: Minutes.min(-1, "-1 is never, there is nothing below")
    .max(10_080, "10080 at most")
    .optional(),
  disabled_repo_env_var_names: z
    .array(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "a name has capital letters, digits and _ only"))
    .optional(),
  skip_setup_script: z.boolean().optional(),
  agent_credentials: z
    .array(
      z.looseObject({
        kind: z.enum(AGENT_KINDS, "Amika has credentials for claude and codex only"),
        name: z.string().min(1, "a name is missing after =").optional(),
      }),
    )
    .refine(
      (list) => new Set(list.map(({ kind }) => kind)).size === list.length,
      "one for each agent at most",
    )
    .optional(),
  initial_prompt: z.string().min(1).optional(),
  agent: z.enum(AGENT_KINDS).optional(),
  workflow: z.looseObject({ enabled: z.boolean() }).optional(),
  integration_ids: z.array(z.string()).optional(),
  github_auth_mode: z.enum(["pat", "app_token"]).optional(),
  amika_opencode_web: z.union([z.string(), z.number()]).nullable().optional(),
});

export const EXTRA_FIELDS = Object.keys(Extra.shape);

/** What Amika would refuse of `spec.extra`; fields that are not known are left to it. */
export function checkSpec({ extra = {} }: Pick<SandboxSpec, "extra">): SpecProblem[] {
  const issues = Extra.safeParse(extra).error?.issues ?? [];
  return issues.map(({ path, message }) => ({ path: `extra.${String(path[0])}`, message }));
}

/** The agent a new sandbox's sessions start with: what was asked for, where Amika has it. */
export function agentOf(spec: Pick<SandboxSpec, "agent_provider">): string {
  return AGENT_KINDS.find((kind) => kind === spec.agent_provider) ?? "claude";
}

/**
 * The body of `POST /sandboxes` (spec 1.1). `secret_values` are Sandbar's own secrets and go in as plain variables; a
 * variable that names a secret Amika keeps stays a reference. A null `snapshot` refuses the repository's default one,
 * an absent one takes it.
 * @throws BackendError `unsupported` for a source that Amika cannot take
 */
export function createBody(
  spec: SandboxSpec,
  { name, secret_values }: { name: string; secret_values: Readonly<Record<string, string>> },
): Record<string, unknown> {
  const { extra = {} } = spec;
  const stored = Object.entries(spec.secret_env_vars).filter(([variable]) => !(variable in secret_values));
  const body: Record<string, unknown> = {
    // Nothing is injected for a kind that is not listed, and then its agent cannot log in.
    agent_credentials: AGENT_KINDS.map((kind) => ({ kind })),
    ...(extra.initial_prompt !== undefined && { agent: agentOf(spec) }),
    ...extra,
    name,
    ...sourceFields(spec),
    preset: spec.preset,
    size: spec.size,
    snapshot: spec.snapshot,
    auto_stop_interval: spec.auto_stop_minutes,
    env_vars: { ...spec.env_vars, ...secret_values },
    secret_env_vars: Object.fromEntries(stored),
    setup_script_text: spec.setup_script,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function sourceFields({ source, git_repos = [] }: SandboxSpec): Record<string, unknown> {
  if (git_repos.length + (source?.type === "git" ? 1 : 0) > 1)
    throw new BackendError("unsupported", "An Amika sandbox holds one repository; name only one.");
  const [repo] = git_repos;
  if (repo) return { repo_url: repo.url, branch: repo.branch };
  switch (source?.type) {
    case undefined:
    case "empty":
      return {};
    case "git":
      return { repo_url: source.url, branch: source.branch, new_branch_name: source.new_branch };
    case "copy":
      throw new BackendError(
        "unsupported",
        "Amika cannot copy a folder of this machine. Give it a repository instead.",
      );
    default:
      return source satisfies never;
  }
}
