import { useMemo } from "react";
import { formatCount } from "#src/lib/format.ts";
import { capStart } from "#src/web/ui/content/cap.ts";
import { CodeBlock } from "#src/web/ui/content/code-block.tsx";
import { languageOfPath } from "#src/web/ui/content/languages.ts";
import { ShowAllButton } from "#src/web/ui/content/text-viewer.tsx";
import { nameOf } from "./file-path.logic.ts";

/** As much as is coloured; the rest is in a viewer that keeps only the lines in view on the page. */
const shown = { lines: 2000, chars: 60_000 };

/** A text, coloured where its language is known. */
export function TextFile({ text, file }: { text: string; file: string }) {
  const capped = useMemo(() => capStart(text, shown), [text]);
  return (
    <div className="flex flex-col gap-2">
      <CodeBlock text={capped.text} language={languageOfPath(file)} />
      {capped.hidden_chars > 0 && (
        <div className="flex items-center gap-2 text-xs text-faint">
          {formatCount(capped.hidden_lines)} more lines are not shown
          <ShowAllButton label="Show all" title={nameOf(file)} text={text} />
        </div>
      )}
    </div>
  );
}
