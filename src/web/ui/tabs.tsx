import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export type Tab = { value: string; label: ReactNode; content: ReactNode };

type TabsProps = {
  /** Names the row of tabs for screen readers. */
  label: string;
  tabs: readonly Tab[];
  value: string;
  onValueChange: (value: string) => void;
  /** The panels fill the height that is left and scroll by themselves. */
  fill?: boolean;
  className?: string;
};

/** Panels of which one shows; only that one is mounted. */
export function Tabs({ label, tabs, value, onValueChange, fill = false, className }: TabsProps) {
  return (
    <Radix.Root
      value={value}
      onValueChange={onValueChange}
      className={cn("flex flex-col", fill && "min-h-0 flex-1", className)}
    >
      <Radix.List
        aria-label={label}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-border px-2"
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            // The library focuses what is pressed by script, which browsers take for the keyboard and ring.
            onPointerDown={(event) => event.currentTarget.focus({ focusVisible: false })}
            className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2 text-sm whitespace-nowrap text-muted ring-inside transition-colors hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.value}
          value={tab.value}
          className={cn("ring-inside", fill && "min-h-0 flex-1 scroll-column")}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
