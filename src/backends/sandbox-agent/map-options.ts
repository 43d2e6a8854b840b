import type { SessionOption } from "#src/domain/agent.ts";
import type { WireConfigOption, WireSession } from "./wire.ts";

/** How the agent wants an option set. Older agents have modes and models of their own beside config options. */
export type OptionSetter = "config" | "mode" | "model";
export type OfferedOption = SessionOption & { setter: OptionSetter };

/** Every choice a session offers. Modes and models come from their own fields only when no option has that category. */
export function optionsFromWire(session: WireSession): OfferedOption[] {
  const options = (session.configOptions ?? []).map(optionFromWire);
  const has = (category: string): boolean => options.some((option) => option.category === category);
  if (session.models && !has("model")) {
    options.unshift({
      ...legacyOption("model", "Model", session.models.currentModelId),
      choices: session.models.availableModels.map(({ modelId, name, description }) =>
        choice(modelId, name, description),
      ),
    });
  }
  if (session.modes && !has("mode")) {
    options.push({
      ...legacyOption("mode", "Mode", session.modes.currentModeId),
      choices: session.modes.availableModes.map(({ id, name, description }) => choice(id, name, description)),
    });
  }
  return options;
}

function legacyOption(id: "mode" | "model", name: string, value: string): OfferedOption {
  return { id, name, category: id, description: null, value, type: "select", choices: [], setter: id };
}

export function optionFromWire(option: WireConfigOption): OfferedOption {
  return {
    id: option.id,
    name: option.name,
    category: option.category ?? null,
    description: option.description ?? null,
    value: option.currentValue,
    type: option.type === "select" || option.type === "boolean" ? option.type : "text",
    choices: (option.options ?? []).flatMap((entry) =>
      "options" in entry && Array.isArray(entry.options)
        ? entry.options.map(({ value, name, description }) => choice(value, name, description, entry.name))
        : [choice(String(entry.value), entry.name, entry.description)],
    ),
    setter: "config",
  };
}

function choice(
  value: string,
  name: string,
  description: unknown,
  group: string | null = null,
): SessionOption["choices"][number] {
  return { value, name, description: typeof description === "string" ? description : null, group };
}

/** Options found by id, else by category: an agent may call its `thought_level` option `effort`. */
export function findOption(options: readonly OfferedOption[], key: string): OfferedOption | undefined {
  return options.find((option) => option.id === key) ?? options.find((option) => option.category === key);
}

/** The options with the one of `key` set to `value`. */
export function withValue(
  options: readonly OfferedOption[],
  key: string,
  value: string | boolean,
): OfferedOption[] {
  const target = findOption(options, key);
  return options.map((option) => (option === target ? { ...option, value } : option));
}

/** What `config_option_update` and `session/set_config_option` replace: config options; the agent's other choices stay. */
export function replaceConfig(
  options: readonly OfferedOption[],
  config: readonly WireConfigOption[],
): OfferedOption[] {
  const fresh = config.map(optionFromWire);
  const kept = options.filter(
    (option) => option.setter !== "config" && !fresh.some(({ category }) => category === option.category),
  );
  return [...fresh, ...kept];
}

/** The domain's options, without the adapter's own field. */
export function toSessionOptions(options: readonly OfferedOption[]): SessionOption[] {
  return options.map((offered) => {
    const { setter: _, ...option } = offered;
    return option;
  });
}
