import { formatPlural } from "#src/lib/format.ts";
import { Checkbox } from "#src/web/ui/checkbox.tsx";
import type { ImportPlan } from "./import.logic.ts";

type ImportPreviewProps = {
  plan: ImportPlan;
  left_out: ReadonlySet<string>;
  onToggle: (name: string, chosen: boolean) => void;
};

/** The names a text holds and what will become of each; values stay unseen. */
export function ImportPreview({ plan: { rows, problems }, left_out, onToggle }: ImportPreviewProps) {
  if (rows.length === 0 && problems.length === 0) return null;
  return (
    <section aria-label="What will be kept" className="flex flex-col gap-2">
      <output className="text-xs text-faint">
        {formatPlural(rows.length, "name")} found
        {problems.length > 0 && `, ${formatPlural(problems.length, "line")} to look at`}
      </output>
      {rows.length > 0 && (
        <ul className="max-h-56 divide-y divide-border overflow-y-auto rounded-control border border-border">
          {rows.map(({ name, existing, problem }) => (
            <li key={name} className="flex items-center gap-2 px-2.5 py-1.5">
              <div className="min-w-0 flex-1">
                <Checkbox
                  label={<code className="font-mono">{name}</code>}
                  checked={problem === null && !left_out.has(name)}
                  disabled={problem !== null}
                  onCheckedChange={(chosen) => onToggle(name, chosen)}
                />
              </div>
              <span className={problem ? "text-xs text-failed" : "text-xs text-muted"}>
                {problem ?? (existing ? "replaces the value it has" : "new")}
              </span>
            </li>
          ))}
        </ul>
      )}
      {problems.length > 0 && (
        <ul className="text-xs text-permission">
          {problems.map(({ line, message }) => (
            <li key={`${line} ${message}`}>
              Line {line}: {message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
