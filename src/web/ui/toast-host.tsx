import { useEffect } from "react";
import { Toaster, toast as sonner } from "sonner";
import { useTheme } from "./theme.ts";
import { toastsReady } from "./toast.tsx";

/** Where toasts show; stands once at the root, loaded after the page. */
export function ToastHost() {
  // The toaster's own effect, which begins to listen, ran before this one.
  useEffect(() => toastsReady(sonner), []);
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
