import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { useFocusReturn } from "./focus-return.ts";
import { IconButton } from "./icon-button.tsx";

export const overlayClass =
  "fixed inset-0 z-40 bg-overlay data-[state=open]:animate-fade-in data-[state=closed]:animate-fade-out";

export const dialogClass =
  "fixed top-1/2 left-1/2 z-50 flex max-h-[min(44rem,calc(100dvh-2rem))] w-[calc(100vw-2rem)] -translate-1/2 flex-col rounded-card border border-border bg-raised shadow-float outline-none data-[state=open]:animate-pop-in data-[state=closed]:animate-pop-out";

const widths = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-3xl" };

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Buttons, primary last; they stay in view while the body scrolls. */
  footer?: ReactNode;
  size?: keyof typeof widths;
  /** Where focus goes first; by default the first control of the body. */
  onOpenAutoFocus?: ComponentProps<typeof Radix.Content>["onOpenAutoFocus"];
  children: ReactNode;
};

/** A modal dialog. Focus moves in, Escape closes it, focus returns to what opened it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  size = "md",
  onOpenAutoFocus,
  children,
}: DialogProps) {
  const focus = useFocusReturn(onOpenAutoFocus);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          className={cn(dialogClass, widths[size])}
          {...focus}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="py-3 pt-4 pr-12 pl-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description && (
              <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>
            )}
          </header>
          <div className="min-h-0 flex-1 scroll-column px-4 pb-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-border px-4 py-3">
              {footer}
            </footer>
          )}
          <CloseButton />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Last in order, so that focus goes to the first control of the body. */
export function CloseButton() {
  return (
    <Radix.Close asChild>
      <IconButton label="Close" icon={<X size={16} />} size="sm" className="absolute top-3 right-3" />
    </Radix.Close>
  );
}
