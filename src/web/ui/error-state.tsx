import { CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

type ErrorStateProps = {
  /** What happened: "Sandboxes could not be loaded". */
  title: string;
  /** Why, and what to do. */
  text: ReactNode;
  onRetry?: () => void;
  retrying?: boolean;
  actions?: ReactNode;
  /** `h1` where it is all that the page shows. */
  heading?: "h1" | "h2";
};

/** Something failed; says what happened and what to do. */
export function ErrorState({
  title,
  text,
  onRetry,
  retrying = false,
  actions,
  heading: Heading = "h2",
}: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <CircleX size={20} className="text-failed" aria-hidden />
      <Heading className="text-base font-semibold">{title}</Heading>
      <div className="max-w-lg text-muted">{text}</div>
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {onRetry && (
          <Button onClick={onRetry} busy={retrying}>
            Try again
          </Button>
        )}
        {actions}
      </div>
    </div>
  );
}
