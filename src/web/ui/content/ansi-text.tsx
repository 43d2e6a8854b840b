import { type CSSProperties, memo, useMemo } from "react";
import { type AnsiColor, type AnsiStyle, parseAnsi, plainStyle } from "./ansi.ts";
import "./content.css";
import { visibleText } from "./visible-text.ts";

/** Terminal output: its colours and weights, and nothing else that its escape sequences ask for. */
export const AnsiText = memo(function AnsiText({ text }: { text: string }) {
  const spans = useMemo(() => parseAnsi(text), [text]);
  return spans.map((span, index) =>
    span.style === plainStyle ? (
      visibleText(span.text)
    ) : (
      <span key={index} style={cssOf(span.style)}>
        {visibleText(span.text)}
      </span>
    ),
  );
});

function cssOf(style: AnsiStyle): CSSProperties {
  const fg = style.fg ? colorOf(style.fg) : undefined;
  const bg = style.bg ? colorOf(style.bg) : undefined;
  const lines = [style.underline && "underline", style.strike && "line-through"].filter(Boolean).join(" ");
  return {
    color: style.inverse ? (bg ?? "var(--bg)") : bg && !fg ? "var(--bg)" : fg,
    backgroundColor: style.inverse ? (fg ?? "var(--text)") : bg,
    fontWeight: style.bold ? 600 : undefined,
    opacity: style.dim ? 0.75 : undefined,
    fontStyle: style.italic ? "italic" : undefined,
    textDecoration: lines || undefined,
  };
}

function colorOf(color: AnsiColor): string {
  return "css" in color ? color.css : `var(--ansi-${color.index})`;
}
