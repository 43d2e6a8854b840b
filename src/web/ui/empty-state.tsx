import type { ReactNode } from "react";

type EmptyStateProps = {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  /** The next thing to do. */
  actions?: ReactNode;
  /** `h1` where it is all that the page shows. */
  heading?: "h1" | "h2";
};

/** Nothing here yet, or nothing matches; says what to do about it. */
export function EmptyState({ icon, title, text, actions, heading: Heading = "h2" }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      {icon && <div className="text-faint">{icon}</div>}
      <Heading className="text-base font-semibold">{title}</Heading>
      {text && <div className="max-w-md text-muted">{text}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
