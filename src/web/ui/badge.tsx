import type { ReactNode } from "react";
import { cn } from "./cn.ts";

const tones = {
  neutral: "border-border bg-surface text-muted",
  accent: "border-transparent bg-accent-soft text-accent",
  permission: "border-transparent bg-permission-soft text-permission",
  question: "border-transparent bg-question-soft text-question",
  working: "border-transparent bg-working-soft text-working",
  failed: "border-transparent bg-failed-soft text-failed",
};

/** A short word or a count in a frame. */
export function Badge({ tone = "neutral", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-control border px-1.5 text-xs font-medium whitespace-nowrap",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
