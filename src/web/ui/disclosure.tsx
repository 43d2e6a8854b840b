import { ChevronRight } from "lucide-react";
import { Collapsible } from "radix-ui";
import { type ReactNode, useState } from "react";
import { cn } from "./cn.ts";

type DisclosureProps = {
  summary: ReactNode;
  defaultOpen?: boolean;
  /** With `onOpenChange`, whoever uses it keeps the state. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

/** A line that opens to more. What is closed is not mounted. */
export function Disclosure({
  summary,
  defaultOpen = false,
  open,
  onOpenChange,
  className,
  children,
}: DisclosureProps) {
  const [ownOpen, setOwnOpen] = useState(defaultOpen);
  return (
    <Collapsible.Root open={open ?? ownOpen} onOpenChange={onOpenChange ?? setOwnOpen} className={className}>
      <Collapsible.Trigger
        className={cn(
          "group flex w-full items-center gap-1.5 rounded-control py-1 text-left text-muted transition-colors hover:text-text",
        )}
      >
        <ChevronRight
          size={14}
          aria-hidden
          className="shrink-0 transition-transform group-data-[state=open]:rotate-90"
        />
        <span className="min-w-0 flex-1">{summary}</span>
      </Collapsible.Trigger>
      <Collapsible.Content>{children}</Collapsible.Content>
    </Collapsible.Root>
  );
}
