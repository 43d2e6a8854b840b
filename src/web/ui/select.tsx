import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { useFieldControl } from "./field.tsx";
import { inputClass } from "./input.tsx";
import { popupClass } from "./menu.tsx";

export type SelectItem = {
  value: string;
  label: ReactNode;
  /** A second line: what it is, or why it cannot be chosen. */
  detail?: ReactNode;
  disabled?: boolean;
};

type SelectProps = {
  value: string | undefined;
  onValueChange: (value: string) => void;
  items: readonly SelectItem[];
  placeholder?: string;
  /** Its name where no `Field` around it gives one. */
  label?: string;
  disabled?: boolean;
  /** `quiet` has no border: for pickers inside a toolbar. */
  variant?: "field" | "quiet";
  className?: string;
};

/** One of a list. An item's value may not be empty. */
export function Select({
  value,
  onValueChange,
  items,
  placeholder = "Choose…",
  label,
  disabled,
  variant = "field",
  className,
}: SelectProps) {
  const { required, ...control } = useFieldControl();
  return (
    <Radix.Root value={value ?? ""} onValueChange={onValueChange} disabled={disabled} required={required}>
      <Radix.Trigger
        {...control}
        aria-label={label}
        className={cn(
          "flex h-8 items-center justify-between gap-2 px-2.5 text-left data-placeholder:text-faint pointer-coarse:h-10",
          variant === "field"
            ? inputClass
            : "rounded-control text-muted transition-colors hover:bg-hover hover:text-text",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown size={14} className="text-faint" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            popupClass,
            "max-h-(--radix-select-content-available-height) max-w-(--radix-select-content-available-width) min-w-(--radix-select-trigger-width)",
          )}
        >
          <Radix.Viewport>
            {items.map((item) => (
              <Radix.Item
                key={item.value}
                value={item.value}
                disabled={item.disabled}
                className="flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 py-1 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:min-h-10"
              >
                <span className="min-w-0 flex-1">
                  <Radix.ItemText>{item.label}</Radix.ItemText>
                  {item.detail && <span className="block text-xs text-faint">{item.detail}</span>}
                </span>
                <Radix.ItemIndicator>
                  <Check size={14} />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
