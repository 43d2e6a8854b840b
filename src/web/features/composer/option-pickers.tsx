import { useMutation } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import type { SessionOption } from "#src/domain/agent.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { setOptionMutation } from "#src/web/api/queries/sessions.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Popover } from "#src/web/ui/popover.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { Switch } from "#src/web/ui/switch.tsx";
import { toast } from "#src/web/ui/toast.tsx";

type OptionPickersProps = { session_id: string; options: readonly SessionOption[]; disabled: boolean };

/** These stand in the composer's bar; every other option is behind one button. */
const inBar = ["mode", "model", "thought_level"];

/** The choices the agent offers: model, mode and the like. */
export function OptionPickers({ session_id, options, disabled }: OptionPickersProps) {
  const { mutate, isPending, variables } = useMutation({
    ...setOptionMutation,
    onError: (error) => toast.error(failureTitle(error, "The option was not changed"), messageOf(error)),
  });
  const pick = (id: string, value: string | boolean) => mutate({ session_id, id, value });
  /** What was picked stands there at once; the agent's answer replaces it. */
  const shown = options.map((option) =>
    isPending && variables.id === option.id ? { ...option, value: variables.value } : option,
  );
  const bar = inBar.flatMap((category) => shown.filter((option) => option.category === category));
  const others = shown.filter((option) => !bar.includes(option));
  return (
    <div className="flex min-w-0 items-center overflow-x-auto">
      {bar.map((option) => (
        <OptionControl key={option.id} option={option} disabled={disabled} onPick={pick} />
      ))}
      {others.length > 0 && (
        <Popover
          label="Options of the agent"
          side="top"
          align="end"
          trigger={
            <IconButton
              size="sm"
              label="More options"
              icon={<SlidersHorizontal size={14} />}
              disabled={disabled}
            />
          }
        >
          <ul className="flex w-72 max-w-full flex-col gap-2">
            {others.map((option) => (
              <li key={option.id} className="flex items-center justify-between gap-3">
                <span className="min-w-0">
                  <span className="block truncate">{visibleText(option.name)}</span>
                  {option.description && (
                    <span className="block text-xs text-faint">{visibleText(option.description)}</span>
                  )}
                </span>
                <OptionControl option={option} disabled={disabled} onPick={pick} />
              </li>
            ))}
          </ul>
        </Popover>
      )}
    </div>
  );
}

type OptionControlProps = {
  option: SessionOption;
  disabled: boolean;
  onPick: (id: string, value: string | boolean) => void;
};

function OptionControl({ option, disabled, onPick }: OptionControlProps) {
  if (option.type === "boolean") {
    return (
      <Switch
        label={visibleText(option.name)}
        checked={option.value === true}
        disabled={disabled}
        onCheckedChange={(value) => onPick(option.id, value)}
      />
    );
  }
  return (
    <Select
      variant="quiet"
      className="max-w-44 shrink-0 text-xs"
      label={visibleText(option.name)}
      value={String(option.value)}
      disabled={disabled || option.choices.length === 0}
      items={option.choices
        .filter((choice) => choice.value !== "")
        .map((choice) => ({
          value: choice.value,
          label: visibleText(choice.name),
          detail: choice.description ? visibleText(choice.description) : undefined,
        }))}
      onValueChange={(value) => onPick(option.id, value)}
    />
  );
}
