import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

type SegmentedControlProps<V extends string> = {
  /** Names the group for screen readers. */
  label: string;
  items: readonly { value: V; label: ReactNode; icon?: ReactNode }[];
  value: V;
  onValueChange: (value: V) => void;
};

/** One of two to five short choices, side by side. */
export function SegmentedControl<V extends string>({
  label,
  items,
  value,
  onValueChange,
}: SegmentedControlProps<V>) {
  const handleChange = (next: string) => {
    const item = items.find((one) => one.value === next);
    if (item) onValueChange(item.value);
  };
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={handleChange}
      className="inline-flex gap-0.5 rounded-control border border-border bg-surface p-0.5"
    >
      {items.map((item) => (
        <ToggleGroup.Item
          key={item.value}
          value={item.value}
          className="flex h-7 items-center gap-1.5 rounded-[4px] px-2.5 text-sm text-muted transition-colors hover:text-text data-[state=on]:bg-raised data-[state=on]:font-medium data-[state=on]:text-text data-[state=on]:ring-1 data-[state=on]:ring-border pointer-coarse:h-9"
        >
          {item.icon}
          {item.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
