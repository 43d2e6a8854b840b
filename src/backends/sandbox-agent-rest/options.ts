import type { OpenSession } from "#src/backends/backend.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import type * as z from "zod";
import type { Models, Modes, SessionInfo } from "./wire.ts";

type Chosen = OpenSession["options"];
type Choice = SessionOption["choices"][number];

/** An option's id, which is the API's field, and what else callers name it by. */
const FIELDS = {
  agentMode: { category: "mode", name: "Mode" },
  permissionMode: { category: "permission_mode", name: "Permissions" },
  model: { category: "model", name: "Model" },
  variant: { category: "thought_level", name: "Variant" },
} as const;
type Field = keyof typeof FIELDS;

/** Body of the call that makes a session: every field of spec 5 that was given, from options and metadata. */
export function createBody(request: OpenSession): Record<string, unknown> {
  const { metadata } = request;
  const body: Record<string, unknown> = {
    agent: request.agent,
    agentVersion: stringOf(metadata.agentVersion ?? metadata.agent_version),
    directory: request.directory ?? undefined,
    title: request.title ?? undefined,
    mcp: metadata.mcp,
    skills: metadata.skills,
  };
  for (const field of ["agentMode", "permissionMode", "model", "variant"] as const) {
    body[field] = chosen(request.options, field);
  }
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined && value !== null),
  );
}

function chosen(options: Chosen, field: Field): string | undefined {
  return stringOf(options[field] ?? options[FIELDS[field].category]);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export type Offered = { modes: z.infer<typeof Modes>["modes"]; models: z.infer<typeof Models>["models"] };

/** The mode of a session that asks for none, where the agent has it (spec 5). */
const DEFAULT_MODE = "build";

/** What a new session may choose, with the API's defaults (spec 5). A variant is one of any model. */
export function newSessionOptions(
  { modes, models }: Offered,
  default_model: string | null | undefined,
): SessionOption[] {
  const mode = modes.find(({ id }) => id === DEFAULT_MODE) ?? modes[0];
  const variants = [...new Set(models.flatMap((model) => model.variants ?? []))];
  const offered = sessionOptions(
    { agentMode: mode?.id, permissionMode: "default", model: default_model ?? models[0]?.id },
    { modes, models },
  ).filter(({ id }) => id !== "variant");
  if (variants.length === 0) return offered;
  return [...offered, { ...blank("variant"), value: "", choices: variants.map((id) => choice(id)) }];
}

const PERMISSION_MODES: Choice[] = [
  choice("default", "Ask"),
  choice("plan", "Plan only"),
  choice("acceptEdits", "Accept edits"),
  choice("bypass", "Never ask"),
];

/** What the session runs with. The API changes none of it later, so each option offers what a new session could take. */
export function sessionOptions(info: Partial<Pick<SessionInfo, Field>>, offered: Offered): SessionOption[] {
  const model = offered.models.find(({ id }) => id === info.model);
  return [
    option(
      "agentMode",
      info.agentMode,
      offered.modes.map(({ id, name, description }) => choice(id, name, description)),
    ),
    option("permissionMode", info.permissionMode, PERMISSION_MODES),
    option(
      "model",
      info.model,
      offered.models.map(({ id, name }) => choice(id, name)),
    ),
    option(
      "variant",
      info.variant,
      (model?.variants ?? []).map((id) => choice(id)),
    ),
  ].flatMap((made) => made ?? []);
}

function option(id: Field, value: string | null | undefined, choices: Choice[]): SessionOption | null {
  if (!value) return null;
  const known = choices.some((offered) => offered.value === value);
  return { ...blank(id), value, choices: known ? choices : [choice(value), ...choices] };
}

function blank(id: Field): Omit<SessionOption, "value" | "choices"> {
  return { id, ...FIELDS[id], description: "Fixed when the session starts.", type: "select" };
}

function choice(value: string, name?: string | null, description?: string | null): Choice {
  return { value, name: name || value, description: description || null, group: null };
}
