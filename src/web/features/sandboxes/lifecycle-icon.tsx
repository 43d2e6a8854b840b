import { Pause, Play, RotateCw, Square } from "lucide-react";
import type { ReactNode } from "react";
import type { LifecycleAction } from "./lifecycle.logic.ts";

export const lifecycleIcons: Readonly<Record<LifecycleAction, ReactNode>> = {
  start: <Play size={14} fill="currentColor" aria-hidden />,
  resume: <Play size={14} fill="currentColor" aria-hidden />,
  stop: (
    <span className="flex size-3.5 items-center justify-center">
      <Square size={12} fill="currentColor" aria-hidden />
    </span>
  ),
  pause: <Pause size={14} aria-hidden />,
  restart: <RotateCw size={14} aria-hidden />,
};
