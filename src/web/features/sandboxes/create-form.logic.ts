import type { BodyIn } from "#src/contract/routes.ts";
import type { Backend, Capabilities } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { envRecord, type EnvRow } from "./env-rows.logic.ts";
import { parseLabels } from "./labels.logic.ts";
import { moreFields, moreOf } from "./more-fields.logic.ts";

export type SourceType = Capabilities["sources"][number];

/** The create sheet's fields as they are typed: text everywhere, the server judges. */
export type CreateForm = {
  name: string;
  backend_id: string;
  source: SourceType;
  url: string;
  branch: string;
  new_branch: string;
  path: string;
  agent_provider: string;
  env: EnvRow[];
  /** `name` is the variable, `value` the stored secret's name. */
  secrets: EnvRow[];
  setup_script: string;
  labels: string;
  auto_stop_minutes: string;
  /** Fields that only some backends know, by their key. */
  more: Record<string, string>;
};

export const emptyCreateForm: CreateForm = {
  name: "",
  backend_id: "",
  source: "empty",
  url: "",
  branch: "",
  new_branch: "",
  path: "",
  agent_provider: "mock",
  env: [],
  secrets: [],
  setup_script: "",
  labels: "",
  auto_stop_minutes: "",
  more: {},
};

/** The agents a new sandbox may start sessions with by default; the sandbox itself says later which it has. */
export const agentChoices: readonly { value: string; label: string; detail: string }[] = [
  { value: "mock", label: "Mock", detail: "Scripted, for trying things out; needs no keys and no network" },
  { value: "claude", label: "Claude Code", detail: "Needs Claude credentials" },
  { value: "codex", label: "Codex", detail: "Needs OpenAI credentials" },
  { value: "opencode", label: "OpenCode", detail: "Needs the credentials of the model you pick" },
  { value: "pi", label: "Pi", detail: "Needs the credentials of the model you pick" },
  { value: "amp", label: "Amp", detail: "Needs Amp credentials" },
  { value: "cursor", label: "Cursor", detail: "Needs Cursor credentials" },
];

/**
 * The agent a new sandbox of a backend most likely wants: that of its newest one, else the mock on this machine, where it
 * always works, and Claude elsewhere.
 */
export function defaultAgent(
  backend: Pick<Backend, "id" | "url">,
  sandboxes: readonly Pick<Sandbox, "backend_id" | "agent_provider">[],
): string {
  const newest = sandboxes.find(({ backend_id }) => backend_id === backend.id);
  return newest?.agent_provider ?? (backend.url === null ? "mock" : "claude");
}

/** What a form can ask for beyond a name and a source, as `spec_fields` names it, in words. */
const optionalFields: readonly { field: string; label: string }[] = [
  { field: "env_vars", label: "environment variables" },
  { field: "secret_env_vars", label: "secrets" },
  { field: "setup_script", label: "a setup script" },
  { field: "labels", label: "labels" },
  { field: "auto_stop_minutes", label: "an automatic stop" },
];

const sourceWords: Readonly<Record<SourceType, string>> = {
  empty: "an empty folder",
  git: "a repository",
  copy: "a copy of a local folder",
};

/** What this backend does not take when a sandbox is made, each with its reason where one is known. */
export function notOffered(capabilities: Capabilities): readonly { label: string; reason: string | null }[] {
  const { sources, notes } = capabilities;
  return [
    ...(["empty", "git", "copy"] as const)
      .filter((source) => !sources.includes(source))
      .map((source) => ({ label: sourceWords[source], reason: notes[`sources.${source}`] ?? null })),
    ...optionalFields
      .filter(({ field }) => !honours(capabilities, field))
      .map(({ field, label }) => ({ label, reason: notes[`spec_fields.${field}`] ?? null })),
  ];
}

/** Whether a backend honours a field of SandboxSpec. */
export function honours(capabilities: Capabilities, field: string): boolean {
  return capabilities.spec_fields.includes(field);
}

/**
 * The request for a form. What the backend does not honour, and what is blank, is left out; a blank name becomes the
 * `suggested` one, so that the sandbox is called what the form showed.
 */
export function toSpec(
  form: CreateForm,
  capabilities: Capabilities,
  suggested: string,
): BodyIn<"POST /sandboxes"> {
  const when = <T>(field: string, value: T): Record<string, T> =>
    honours(capabilities, field) ? { [field]: value } : {};
  return {
    backend_id: form.backend_id,
    agent_provider: form.agent_provider,
    source: toSource(form),
    name: form.name.trim() || suggested,
    ...when("env_vars", envRecord(form.env)),
    ...when("secret_env_vars", envRecord(form.secrets)),
    ...(form.setup_script.trim() && honours(capabilities, "setup_script")
      ? { setup_script: form.setup_script }
      : {}),
    ...when("labels", parseLabels(form.labels)),
    ...when("auto_stop_minutes", form.auto_stop_minutes.trim() === "" ? 0 : Number(form.auto_stop_minutes)),
    ...moreOf(capabilities, form.more),
  };
}

function toSource(form: CreateForm): BodyIn<"POST /sandboxes">["source"] {
  switch (form.source) {
    case "empty":
      return { type: "empty" };
    case "git":
      return {
        type: "git",
        url: form.url.trim(),
        ...(form.branch.trim() ? { branch: form.branch.trim() } : {}),
        ...(form.new_branch.trim() ? { new_branch: form.new_branch.trim() } : {}),
      };
    case "copy":
      return { type: "copy", path: form.path.trim() };
    default:
      return form.source satisfies never;
  }
}

/** A field's name in the form, as react-hook-form writes paths. */
export type CreateField =
  | keyof CreateForm
  | `more.${string}`
  | `env.${number}.name`
  | `secrets.${number}.name`
  | `secrets.${number}.value`;

/** The form's field that a path of the server's 400 means, or null when the form has none. */
export function fieldOfPath(path: readonly string[], form: CreateForm): CreateField | null {
  const [head, next] = path;
  switch (head) {
    case "source":
      return next === "url" || next === "branch" || next === "new_branch" || next === "path"
        ? next
        : "source";
    case "env_vars":
      return rowField("env", form.env, next);
    case "secret_env_vars":
      return rowField("secrets", form.secrets, next);
    case "extra":
      return moreField(next);
    default:
      return isFormField(head) ? head : moreField(head);
  }
}

/** Refusals that are about one field without naming its path. */
export const fieldOfCode: Readonly<Record<string, CreateField>> = {
  sandbox_already_exists: "name",
  already_exists: "name",
  secret_not_found: "secrets",
  backend_not_found: "backend_id",
};

function rowField(list: "env" | "secrets", rows: readonly EnvRow[], name: string | undefined): CreateField {
  const at = rows.findIndex((row) => row.name === name);
  return at < 0 ? list : `${list}.${at}.name`;
}

function moreField(key: string | undefined): CreateField | null {
  return moreFields.some((more) => more.key === key) ? `more.${key}` : null;
}

function isFormField(word: string | undefined): word is keyof CreateForm {
  return word !== undefined && Object.hasOwn(emptyCreateForm, word);
}

/** A name to show as the placeholder: what the sandbox may well be called when the field stays blank. */
export function suggestName(
  form: Pick<CreateForm, "source" | "url" | "path">,
  taken: ReadonlySet<string>,
): string {
  const place = form.source === "git" ? form.url : form.source === "copy" ? form.path : "";
  const base =
    slug(
      place
        .replace(/(?:\.git)?\/*$/, "")
        .split(/[/:\\]/)
        .at(-1) ?? "",
    ) || "sandbox";
  for (let number = 1; ; number += 1) {
    const name = `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** A text as a sandbox name allows it: lower-case letters, digits and hyphens, room left for a number. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 34)
    .replaceAll(/^-+|-+$/g, "");
}
