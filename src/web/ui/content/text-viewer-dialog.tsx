import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { stripAnsi } from "./ansi.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { visibleText } from "./visible-text.ts";

type TextViewerProps = { title: string; text: string; open: boolean; onOpenChange: (open: boolean) => void };

/** A long text in a dialog of its own; only the lines in view are on the page. */
export function TextViewer({ title, text, open, onOpenChange }: TextViewerProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      size="lg"
      footer={<CopyButton text={text} label="Copy all" withLabel size="md" />}
    >
      {open && <Lines text={text} />}
    </Dialog>
  );
}

/** A line this long is cut into several, so that one line of megabytes cannot stall the page. */
const MAX_LINE = 2000;
/** A line that does not wrap, px. */
const LINE_HEIGHT = 20;

function Lines({ text }: { text: string }) {
  const lines = useMemo(
    () =>
      stripAnsi(text)
        .split("\n")
        .flatMap((line) => (line.length <= MAX_LINE ? [line] : cut(line))),
    [text],
  );
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const scrollRef = useMemo(() => ({ current: scroller }), [scroller]);
  const list = useRef<VirtualizerHandle>(null);
  /** The browser scrolls to where the end is now: lines that wrap move it on while they come into view. */
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "End") return;
    event.preventDefault();
    list.current?.scrollToIndex(lines.length - 1, { align: "end" });
  };
  return (
    <ScrollRegion
      ref={setScroller}
      onKeyDown={handleKeyDown}
      label="Text"
      className="h-[60dvh] scroll-column rounded-control border border-border bg-surface px-3 py-2 font-mono text-code"
    >
      {scroller && (
        <Virtualizer ref={list} data={lines} itemSize={LINE_HEIGHT} scrollRef={scrollRef}>
          {(line, index) => (
            <div key={index} className="min-h-5 whitespace-pre-wrap">
              {visibleText(line)}
            </div>
          )}
        </Virtualizer>
      )}
    </ScrollRegion>
  );
}

function cut(line: string): string[] {
  return Array.from({ length: Math.ceil(line.length / MAX_LINE) }, (_, at) =>
    line.slice(at * MAX_LINE, (at + 1) * MAX_LINE),
  );
}
