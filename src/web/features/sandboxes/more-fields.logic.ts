import type { Capabilities } from "#src/domain/backend.ts";

/** How a field is typed, and so what its text means. */
type FieldInput =
  | { type: "text" | "lines" | "number" | "words" | "credentials" }
  | { type: "choice"; choices: readonly { value: string; label: string; sends: unknown }[] };

/** A field that only some backends know. `field` is its name in `spec_fields`; `key` its name in the form. */
export type MoreField = { field: string; key: string; label: string; hint?: string } & FieldInput;

const onOff = (sends: (on: boolean) => unknown) => [
  { value: "on", label: "Yes", sends: sends(true) },
  { value: "off", label: "No", sends: sends(false) },
];

const same = (value: string, label: string) => ({ value, label, sends: value });

const fields: readonly (Omit<MoreField, "key"> & FieldInput)[] = [
  { field: "preset", type: "text", label: "Preset" },
  { field: "size", type: "text", label: "Size" },
  { field: "snapshot", type: "text", label: "Snapshot" },
  { field: "image", type: "text", label: "Image" },
  {
    field: "credentials",
    type: "words",
    label: "Credentials",
    hint: "Names of credentials that this backend keeps, with commas between.",
  },
  { field: "extra.provider", type: "text", label: "Provider", hint: "Where it runs, as daytona or e2b." },
  {
    field: "extra.auto_delete_interval",
    type: "number",
    label: "Delete after stopped minutes",
    hint: "-1 is never, 0 is as soon as it stops.",
  },
  {
    field: "extra.agent_credentials",
    type: "credentials",
    label: "Agent credentials",
    hint: "Blank gives every agent what is kept for it. Or say which: claude=work, codex=none",
  },
  {
    field: "extra.github_auth_mode",
    type: "choice",
    label: "GitHub sign-in",
    choices: [same("pat", "Personal access token"), same("app_token", "GitHub app")],
  },
  { field: "extra.integration_ids", type: "words", label: "Integrations", hint: "Ids, with commas between." },
  {
    field: "extra.disabled_repo_env_var_names",
    type: "words",
    label: "Repository variables to leave out",
    hint: "Names, with commas between.",
  },
  {
    field: "extra.skip_setup_script",
    type: "choice",
    label: "Skip the setup script",
    choices: onOff((on) => on),
  },
  {
    field: "extra.workflow",
    type: "choice",
    label: "Run the workflow",
    choices: onOff((enabled) => ({ enabled })),
  },
  { field: "extra.amika_opencode_web", type: "text", label: "OpenCode web" },
  {
    field: "extra.initial_prompt",
    type: "lines",
    label: "First prompt",
    hint: "Sent by the backend as soon as the sandbox is ready.",
  },
  {
    field: "extra.agent",
    type: "choice",
    label: "Agent of the first prompt",
    choices: [same("claude", "Claude Code"), same("codex", "Codex")],
  },
];

/** Every field of this kind, with its key in the form. */
export const moreFields: readonly MoreField[] = fields.map((field) => ({
  ...field,
  key: field.field.replace(/^extra\./, ""),
}));

/** Those that a backend honours. */
export function moreFieldsOf({ spec_fields }: Pick<Capabilities, "spec_fields">): readonly MoreField[] {
  return moreFields.filter(({ field }) => spec_fields.includes(field));
}

/** What was typed, as the request says it: fields of the spec, and those of `extra`. What is blank is left out. */
export function moreOf(
  capabilities: Pick<Capabilities, "spec_fields">,
  typed: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const spec: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const more of moreFieldsOf(capabilities)) {
    const text = typed[more.key]?.trim() ?? "";
    if (text === "") continue;
    (more.field.startsWith("extra.") ? extra : spec)[more.key] = meaningOf(more, text);
  }
  return Object.keys(extra).length > 0 ? { ...spec, extra } : spec;
}

function meaningOf(more: MoreField, text: string): unknown {
  switch (more.type) {
    case "text":
    case "lines":
      return text;
    case "number":
      return Number(text);
    case "words":
      return words(text);
    case "credentials":
      return words(text).map(credentialOf);
    case "choice":
      return more.choices.find(({ value }) => value === text)?.sends;
    default:
      return more satisfies never;
  }
}

/** `claude` takes the best there is, `claude=work` the one of that name, `claude=none` none at all. */
function credentialOf(word: string): Record<string, unknown> {
  const at = word.indexOf("=");
  if (at < 0) return { kind: word };
  const kind = word.slice(0, at).trim();
  const name = word.slice(at + 1).trim();
  return name === "none" ? { kind, none: true } : { kind, name };
}

function words(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean);
}
