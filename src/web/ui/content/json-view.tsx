import { memo, useMemo } from "react";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { capStart } from "./cap.ts";
import { CodeText } from "./code-text.tsx";
import { ScrollRegion } from "./scroll-region.tsx";
import { ShowAllButton } from "./text-viewer.tsx";

/** A value as indented JSON, with a copy button; long ones are cut with a way to all of it. */
export const JsonView = memo(function JsonView({ value, label }: { value: unknown; label: string }) {
  const text = useMemo(() => toJson(value), [value]);
  const capped = capStart(text);
  return (
    <div className="relative overflow-hidden rounded-control border border-border bg-surface">
      <CopyButton text={text} label={`Copy ${label}`} className="absolute top-1 right-1 bg-surface" />
      <ScrollRegion
        as="pre"
        label={label}
        className="max-h-96 overflow-auto py-2 pr-9 pl-3 font-mono text-code break-all whitespace-pre-wrap"
      >
        <CodeText text={capped.text} language="json" />
      </ScrollRegion>
      {capped.hidden_chars > 0 && (
        <div className="border-t border-border p-1">
          <ShowAllButton label="Show all" title={label} text={text} />
        </div>
      )}
    </div>
  );
});

/** Any value as indented JSON; what JSON has no word for is written as text. */
export function toJson(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, null, 2) ?? String(value);
}
