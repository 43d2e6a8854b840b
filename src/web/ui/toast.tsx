import type { ReactNode } from "react";
import type { toast as Sonner } from "sonner";

let announce: (sonner: typeof Sonner) => void;
/** The library loads after the page, and what is said before that waits for it. */
const ready = new Promise<typeof Sonner>((resolve) => {
  announce = resolve;
});

/** Told by the host once toasts can show. */
export function toastsReady(sonner: typeof Sonner): void {
  announce(sonner);
}

/** Short messages in the corner. Never the only copy of something a person must answer. */
export const toast = {
  success: (message: ReactNode, description?: ReactNode): void => {
    void ready.then((sonner) => sonner.success(message, { description }));
  },
  info: (message: ReactNode, description?: ReactNode): void => {
    void ready.then((sonner) => sonner(message, { description }));
  },
  /** Stays until it is closed. */
  error: (message: ReactNode, description?: ReactNode): void => {
    void ready.then((sonner) => sonner.error(message, { description, duration: Number.POSITIVE_INFINITY }));
  },
  /** Says what was done and offers to take it back. */
  undo: (message: ReactNode, onUndo: () => void): void => {
    const action = { label: "Undo", onClick: onUndo };
    void ready.then((sonner) => sonner(message, { action, duration: 8000 }));
  },
};
