import { CircleQuestionMark, CircleX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { WorkingDots } from "./working-dots.tsx";

export type Tone = "permission" | "question" | "working" | "failed" | "stopped" | "unread" | "offline" | "ok";

const colours: Record<Tone, string> = {
  permission: "text-permission",
  question: "text-question",
  working: "text-working",
  failed: "text-failed",
  stopped: "text-stopped",
  unread: "text-unread",
  offline: "text-offline",
  ok: "text-ok",
};

const signs: Record<Tone, ReactNode> = {
  permission: <TriangleAlert size={14} aria-hidden />,
  question: <CircleQuestionMark size={14} aria-hidden />,
  working: <WorkingDots />,
  failed: <CircleX size={14} aria-hidden />,
  stopped: <span aria-hidden className="size-2 rounded-full border-[1.5px] border-current" />,
  unread: <span aria-hidden className="size-2 rounded-full bg-current" />,
  offline: <span aria-hidden className="hatched size-2.5 rounded-full border border-current" />,
  ok: <span aria-hidden className="size-2 rounded-full bg-current" />,
};

type StateDotProps = {
  tone: Tone;
  /** The state in a word. */
  label: string;
  /** Shows the sign alone; the word is still read out. */
  signOnly?: boolean;
  className?: string;
};

/** A state: a sign with a shape and a colour of its own, and its word. */
export function StateDot({ tone, label, signOnly = false, className }: StateDotProps) {
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", colours[tone], className)}>
      <span className="flex size-4 shrink-0 items-center justify-center">{signs[tone]}</span>
      <span className={signOnly ? "sr-only" : "text-xs font-medium"}>{label}</span>
    </span>
  );
}
