import { CircleX, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

const tones = {
  info: { className: "bg-question-soft", icon: <Info size={16} className="text-question" aria-hidden /> },
  warning: {
    className: "bg-permission-soft",
    icon: <TriangleAlert size={16} className="text-permission" aria-hidden />,
  },
  error: { className: "bg-failed-soft", icon: <CircleX size={16} className="text-failed" aria-hidden /> },
};

type BannerProps = {
  tone?: keyof typeof tones;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** `card` stands in the page; `bar` spans the top of it. */
  shape?: "card" | "bar";
};

/** A condition that lasts: what it is, why, what happens next. */
export function Banner({ tone = "info", title, children, actions, shape = "card" }: BannerProps) {
  return (
    <div
      role={tone === "error" ? "alert" : "status"}
      className={cn(
        "flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2",
        shape === "card" ? "rounded-card border border-border" : "border-b border-border",
        tones[tone].className,
      )}
    >
      <span className="shrink-0">{tones[tone].icon}</span>
      <div className="min-w-0 flex-1 basis-60">
        {title && <span className="font-medium">{title} </span>}
        {children && <span className="text-muted">{children}</span>}
      </div>
      {actions && <div className="flex shrink-0 gap-2">{actions}</div>}
    </div>
  );
}
