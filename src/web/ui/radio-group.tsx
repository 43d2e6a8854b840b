import { RadioGroup as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

export type RadioItem = { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean };

type RadioGroupProps = {
  /** Names the group for screen readers. */
  label: string;
  items: readonly RadioItem[];
  value: string | undefined;
  onValueChange: (value: string) => void;
  /** Draws every choice as a card. */
  cards?: boolean;
};

/** One of a few, all in view. */
export function RadioGroup({ label, items, value, onValueChange, cards = false }: RadioGroupProps) {
  const id = useId();
  return (
    <Radix.Root
      aria-label={label}
      value={value ?? ""}
      onValueChange={onValueChange}
      className={cn("flex flex-col", cards ? "gap-2" : "gap-1.5")}
    >
      {items.map((item, index) => (
        <label
          key={item.value}
          htmlFor={`${id}-${index}`}
          className={cn(
            "flex items-start gap-2 select-none has-disabled:opacity-50",
            cards &&
              "rounded-control border border-border p-2.5 transition-colors hover:bg-hover has-data-[state=checked]:border-accent has-data-[state=checked]:bg-accent-soft",
          )}
        >
          <Radix.Item
            id={`${id}-${index}`}
            value={item.value}
            disabled={item.disabled}
            aria-describedby={item.hint ? `${id}-${index}-hint` : undefined}
            className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-bg data-[state=checked]:border-accent"
          >
            <Radix.Indicator className="size-2 rounded-full bg-accent" />
          </Radix.Item>
          <span className="min-w-0">
            <span className="block">{item.label}</span>
            {item.hint && (
              <span id={`${id}-${index}-hint`} className="block text-xs text-muted">
                {item.hint}
              </span>
            )}
          </span>
        </label>
      ))}
    </Radix.Root>
  );
}
