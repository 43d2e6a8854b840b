import type { ReactNode } from "react";
import { Toaster, toast as sonner } from "sonner";
import { useTheme } from "./theme.ts";

/** Short messages in the corner. Never the only copy of something a person must answer. */
export const toast = {
  success: (message: ReactNode, description?: ReactNode) => sonner.success(message, { description }),
  info: (message: ReactNode, description?: ReactNode) => sonner(message, { description }),
  /** Stays until it is closed. */
  error: (message: ReactNode, description?: ReactNode) =>
    sonner.error(message, { description, duration: Infinity }),
  /** Says what was done and offers to take it back. */
  undo: (message: ReactNode, onUndo: () => void) =>
    sonner(message, { action: { label: "Undo", onClick: onUndo }, duration: 8000 }),
};

/** Where toasts show; stands once at the root. */
export function ToastHost() {
  return (
    <Toaster
      theme={useTheme()}
      position="bottom-right"
      closeButton
      visibleToasts={4}
      toastOptions={{
        classNames: {
          toast:
            "!rounded-card !border-border !bg-raised !text-text !shadow-float !font-sans !text-sm !gap-2 !p-3",
          description: "!text-muted",
          actionButton: "!bg-accent !text-on-accent !rounded-control",
          closeButton: "!bg-raised !border-border !text-muted",
          error: "[&_[data-icon]]:!text-failed",
          success: "[&_[data-icon]]:!text-ok",
        },
      }}
    />
  );
}
