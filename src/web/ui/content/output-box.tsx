import { memo, useLayoutEffect, useRef } from "react";
import { formatBytes, formatCount } from "#src/lib/format.ts";
import { AnsiText } from "./ansi-text.tsx";
import { capEnd, type Capped } from "./cap.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { ShowAllButton } from "./text-viewer.tsx";

type OutputBoxProps = {
  text: string;
  /** What it is the output of, for the viewer and screen readers. */
  label: string;
  /** Still growing: the box stays at its end. */
  live?: boolean;
};

/** Terminal output: its end, with its colours, and a way to all of it. */
export const OutputBox = memo(function OutputBox({ text, label, live = false }: OutputBoxProps) {
  const ref = useRef<HTMLElement>(null);
  const capped = capEnd(text);
  useLayoutEffect(() => {
    if (live && ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  }, [live, text]);
  return (
    <div className="overflow-hidden rounded-control border border-border bg-surface">
      {capped.hidden_chars > 0 && (
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-border py-0.5 pr-1 pl-3 text-xs text-faint">
          {hiddenWords(capped)}
          <ShowAllButton label="Show all" title={label} text={text} />
        </div>
      )}
      <ScrollRegion
        as="pre"
        ref={ref}
        label={label}
        className="max-h-72 overflow-auto px-3 py-2 font-mono text-code break-all whitespace-pre-wrap"
      >
        <AnsiText text={capped.text} />
      </ScrollRegion>
    </div>
  );
});

function hiddenWords({ hidden_lines, hidden_chars }: Capped): string {
  return hidden_lines > 1
    ? `${formatCount(hidden_lines)} earlier lines are not shown`
    : `${formatBytes(hidden_chars)} before this are not shown`;
}
