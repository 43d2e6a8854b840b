import { memo } from "react";
import { capStart } from "./cap.ts";
import { toJson } from "./json-view.tsx";
import { ShowAllButton } from "./text-viewer.tsx";
import { visibleText } from "./visible-text.ts";

/** The fields of an object one below the other; nested ones as JSON. Anything else as its text. */
export const KeyValues = memo(function KeyValues({ value }: { value: unknown }) {
  if (!isRecord(value)) return <Value name="Value" value={value} />;
  const entries = Object.entries(value);
  if (entries.length === 0) return <p className="text-faint">No fields</p>;
  return (
    <dl className="grid grid-cols-[minmax(4rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
      {entries.map(([name, field]) => (
        <div key={name} className="contents">
          <dt className="max-w-48 truncate text-faint">{visibleText(name)}</dt>
          <dd className="min-w-0">
            <Value name={name} value={field} />
          </dd>
        </div>
      ))}
    </dl>
  );
});

const limits = { lines: 12, chars: 2000 };

function Value({ name, value }: { name: string; value: unknown }) {
  const text = toJson(value);
  const capped = capStart(text, limits);
  return (
    <>
      <span className="font-mono text-code break-all whitespace-pre-wrap">
        <bdi>{visibleText(capped.text)}</bdi>
      </span>
      {capped.hidden_chars > 0 && <ShowAllButton label="Show all" title={name} text={text} />}
    </>
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
