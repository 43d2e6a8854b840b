import { memo, useLayoutEffect, useRef } from "react";
import "./content.css";
import { type HighlightedLine, useHighlight } from "./highlight.ts";
import { visibleText } from "./visible-text.ts";

type CodeTextProps = {
  text: string;
  /** A fence's word or a file ending. */
  language: string;
  /** More may follow: it is appended as plain text, and coloured when it is whole. */
  open?: boolean;
};

/** Code, coloured once it is whole and the language is known. Stands inside a `pre`. */
export const CodeText = memo(function CodeText({ text, language, open = false }: CodeTextProps) {
  const lines = useHighlight(language, text, !open);
  if (open) return <GrowingText text={text} />;
  if (!lines) return <code>{visibleText(text)}</code>;
  return (
    <code>
      {lines.map((line, index) => (
        <span key={index}>
          <CodeLine text="" pieces={line} />
          {index < lines.length - 1 && "\n"}
        </span>
      ))}
    </code>
  );
});

/** One line of code; `pieces` are its coloured parts, null while there are none. */
export function CodeLine({ text, pieces }: { text: string; pieces: HighlightedLine | null }) {
  if (!pieces) return visibleText(text);
  return pieces.map(([piece, kind], at) =>
    kind === null ? (
      visibleText(piece)
    ) : (
      <span key={at} style={{ color: `var(--code-${colourOf(kind)})` }}>
        {visibleText(piece)}
      </span>
    ),
  );
}

/** Text that only grows: what is new is appended to its node, so that a long open block costs what a short one does. */
export function GrowingText({ text }: { text: string }) {
  const ref = useRef<HTMLElement>(null);
  const written = useRef("");
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || written.current === text) return;
    const node = element.firstChild;
    if (node instanceof Text && text.startsWith(written.current)) {
      node.appendData(visibleText(text.slice(written.current.length)));
    } else {
      element.textContent = visibleText(text);
    }
    written.current = text;
  }, [text]);
  return <code ref={ref} />;
}

const colours: Readonly<Record<string, string>> = {
  "string-expression": "string",
  link: "function",
};

function colourOf(kind: string): string {
  return colours[kind] ?? kind;
}
