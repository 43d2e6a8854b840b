import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { CloseButton, overlayClass } from "./dialog.tsx";
import { useFocusReturn } from "./focus-return.ts";

const sides = {
  right: cn(
    "inset-x-0 bottom-0 max-h-[85dvh] rounded-t-card border-t",
    "data-[state=open]:animate-slide-up-in data-[state=closed]:animate-slide-up-out",
    "sm:inset-y-0 sm:right-0 sm:left-auto sm:max-h-none sm:w-[30rem] sm:rounded-none sm:border-t-0 sm:border-l",
    "sm:data-[state=open]:animate-slide-right-in sm:data-[state=closed]:animate-slide-right-out",
  ),
  left: "inset-y-0 left-0 w-[min(20rem,88vw)] border-r data-[state=open]:animate-slide-left-in data-[state=closed]:animate-slide-left-out",
};

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Hides the title bar; the title is still read out. */
  bare?: boolean;
  side?: keyof typeof sides;
  footer?: ReactNode;
  children: ReactNode;
};

/** A panel over the page's edge. On a phone the right one comes from below. */
export function Sheet({
  open,
  onOpenChange,
  title,
  bare = false,
  side = "right",
  footer,
  children,
}: SheetProps) {
  const focus = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          {...focus}
          aria-describedby={undefined}
          className={cn(
            "fixed z-50 flex flex-col border-border bg-raised pb-[env(safe-area-inset-bottom)] shadow-float outline-none",
            sides[side],
          )}
        >
          {bare ? (
            <Radix.Title className="sr-only">{title}</Radix.Title>
          ) : (
            <header className="border-b border-border py-3 pr-12 pl-4">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            </header>
          )}
          <div className={cn("min-h-0 flex-1", bare ? "flex flex-col" : "scroll-column p-4")}>{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-border px-4 py-3">
              {footer}
            </footer>
          )}
          {bare ? (
            <Radix.Close className="sr-only focus:not-sr-only focus:px-4 focus:py-2">Close</Radix.Close>
          ) : (
            <CloseButton />
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
