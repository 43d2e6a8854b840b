import { WrapText } from "lucide-react";
import { useState } from "react";
import { cn } from "#src/web/ui/cn.ts";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { CodeText } from "./code-text.tsx";
import { ScrollRegion } from "./scroll-region.tsx";
import { visibleText } from "./visible-text.ts";

type CodeBlockProps = {
  text: string;
  /** The fence's word, shown as it is; empty for none. */
  language: string;
  open?: boolean;
};

/** Code with its language, a copy button and a switch for long lines. */
export function CodeBlock({ text, language, open = false }: CodeBlockProps) {
  const [wrap, setWrap] = useState(false);
  return (
    <figure className="group/code overflow-hidden rounded-control border border-border bg-surface">
      <figcaption className="flex h-7 items-center gap-1 border-b border-border pr-1 pl-3 text-xs text-faint">
        <span className="min-w-0 flex-1 truncate font-mono">{visibleText(language) || "text"}</span>
        <IconButton
          size="sm"
          label="Wrap long lines"
          pressed={wrap}
          icon={<WrapText size={14} />}
          onClick={() => setWrap(!wrap)}
        />
        <CopyButton text={text} label="Copy code" />
      </figcaption>
      <ScrollRegion
        as="pre"
        label={language ? `${language} code` : "Code"}
        className={cn(
          "max-h-[70dvh] overflow-auto px-3 py-2 font-mono text-code",
          wrap ? "whitespace-pre-wrap" : "whitespace-pre",
        )}
      >
        <CodeText text={text} language={language} open={open} />
      </ScrollRegion>
    </figure>
  );
}
