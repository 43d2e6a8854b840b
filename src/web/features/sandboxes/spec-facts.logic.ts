import type { Sandbox } from "#src/domain/sandbox.ts";

type Fact = readonly [name: string, value: string | null];

/** How a sandbox was asked for, in words; null for what was not. Values of variables are never known here. */
export function specFacts({ spec, agent_provider, repository, branch }: Sandbox): readonly Fact[] {
  const secrets = Object.entries(spec.secret_env_vars).map(([name, secret]) => `${name} ← ${secret}`);
  return [
    ["Agent", agent_provider],
    ["Files", sourceText(spec.source)],
    ["Repository", repository],
    ["Branch", branch],
    ["Variables", spec.env_names.join("\n") || null],
    ["Secrets", secrets.join("\n") || null],
    ["Setup script", spec.setup_script ?? null],
    ...["preset", "size", "snapshot", "image"].map((field): Fact => [
      field.charAt(0).toUpperCase() + field.slice(1),
      typeof spec[field] === "string" ? spec[field] : null,
    ]),
  ];
}

function sourceText(source: Sandbox["spec"]["source"]): string | null {
  if (!source) return null;
  if (source.type === "empty") return "an empty folder";
  const from = source.type === "git" ? source.url : source.type === "copy" ? source.path : null;
  const verb = source.type === "git" ? "clone of" : source.type === "copy" ? "copy of" : source.type;
  return typeof from === "string" ? `${verb} ${from}` : source.type;
}
