import { RequestError, type SessionConfigOption, type SessionModeState } from "@agentclientprotocol/sdk";

/** The values a session's options have now, by option id. */
export type OptionValues = { model: string; mode: string; effort: string };

type OptionId = keyof OptionValues;
type Choice = { value: string; name: string; description?: string };
type Option = { id: OptionId; name: string; category: string; choices: readonly Choice[] };

/** `effort` differs from its category `thought_level` on purpose: real agents do the same. */
const options: readonly Option[] = [
  {
    id: "model",
    name: "Model",
    category: "model",
    choices: [
      { value: "mock", name: "Mock", description: "Follows its script" },
      { value: "mock-fast", name: "Mock Fast", description: "Follows the same script" },
    ],
  },
  {
    id: "mode",
    name: "Mode",
    category: "mode",
    choices: [
      { value: "normal", name: "Normal", description: "Asks before it changes files or runs commands" },
      { value: "plan", name: "Plan", description: "Behaves as Normal; there to be switched to" },
    ],
  },
  {
    id: "effort",
    name: "Effort",
    category: "thought_level",
    choices: [
      { value: "low", name: "Low" },
      { value: "medium", name: "Medium" },
      { value: "high", name: "High" },
    ],
  },
];

export const defaultOptions: OptionValues = { model: "mock", mode: "normal", effort: "medium" };

/** The options as `session/new` and `config_option_update` carry them: always the full list. */
export function configOptions(values: OptionValues): SessionConfigOption[] {
  return options.map(({ id, name, category, choices }) => ({
    id,
    name,
    category,
    type: "select",
    currentValue: values[id],
    options: choices.map((choice) => ({ ...choice })),
  }));
}

/** The `mode` option in the older `modes` shape, for clients that know only that. */
export function modeState(values: OptionValues): SessionModeState {
  const modes = options.find((option) => option.id === "mode")?.choices ?? [];
  return {
    currentModeId: values.mode,
    availableModes: modes.map(({ value, ...rest }) => ({ id: value, ...rest })),
  };
}

/**
 * The values after one option changed.
 * @throws RequestError -32602 when there is no such option or no such value.
 */
export function withOption(values: OptionValues, id: string, value: unknown): OptionValues {
  const option = options.find((candidate) => candidate.id === id);
  if (!option) throw RequestError.invalidParams({ configId: id }, `no option "${id}"`);
  const choice = option.choices.find((candidate) => candidate.value === value);
  if (!choice)
    throw RequestError.invalidParams({ configId: id, value }, `"${id}" cannot be ${JSON.stringify(value)}`);
  return { ...values, [option.id]: choice.value };
}
