import type { ReactNode } from "react";
import { Button } from "./button.tsx";

/** One line that says what is missing from what stands around it, why, and offers to try again. */
export function RetryLine({ children, onRetry }: { children: ReactNode; onRetry: () => void }) {
  return (
    <p role="alert" className="flex items-center gap-2 py-1 text-xs text-failed">
      <span className="min-w-0 flex-1">{children}</span>
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    </p>
  );
}
