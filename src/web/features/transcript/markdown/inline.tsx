import { ExternalLink, Image } from "lucide-react";
import type { Token, Tokens } from "marked";
import type { ReactNode } from "react";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { isMarkedToken } from "./blocks.ts";
import { decodeEntities } from "./entities.ts";
import { safeLink } from "./links.ts";

/**
 * Inline tokens as elements. Only what is named here becomes an element; anything else stays text. These are calls
 * rather than components: the paragraph that streams is rendered with every delta, and a component for each of its
 * tokens is most of what that takes.
 */
export function inline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map(inlineToken);
}

function inlineToken(token: Token, key: number): ReactNode {
  if (!isMarkedToken(token)) return visibleText(token.raw);
  switch (token.type) {
    case "text":
      return token.tokens ? inline(token.tokens) : plain(token.text);
    case "escape":
      return plain(token.text);
    case "strong":
      return (
        <strong key={key} className="font-semibold">
          {inline(token.tokens)}
        </strong>
      );
    case "em":
      return <em key={key}>{inline(token.tokens)}</em>;
    case "del":
      return <del key={key}>{inline(token.tokens)}</del>;
    case "codespan":
      return <InlineCode key={key} text={token.text} />;
    case "br":
      return <br key={key} />;
    case "link":
      return <Link key={key} token={token} />;
    case "image":
      return <ImageChip key={key} token={token} />;
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? <br key={key} /> : visibleText(token.raw);
    default:
      return visibleText(token.raw);
  }
}

export function InlineCode({ text }: { text: string }) {
  return (
    <code className="rounded-[4px] border border-border bg-surface px-1 py-px font-mono text-code">
      {visibleText(text)}
    </code>
  );
}

function plain(text: string): string {
  return visibleText(decodeEntities(text));
}

/** A link that may be followed opens beside the page and names its host, unless its text does. Another one is text. */
function Link({ token }: { token: Tokens.Link }) {
  const link = safeLink(token.href);
  const text = inline(token.tokens);
  if (!link) {
    return (
      <span>
        {text} {token.href !== token.text && <span className="text-faint">({visibleText(token.href)})</span>}
      </span>
    );
  }
  const named = token.text.includes(link.host);
  return (
    <a
      href={link.href}
      target="_blank"
      rel="noopener noreferrer"
      title={link.href}
      className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      {text}
      {!named && <span className="text-xs text-faint"> ({link.host})</span>}
      <ExternalLink size={12} aria-label="opens in a new tab" className="ml-0.5 inline align-[-1px]" />
    </a>
  );
}

/** Images of a text never load: an address of one is enough to tell its owner that it was read. */
function ImageChip({ token }: { token: Tokens.Image }) {
  const link = safeLink(token.href);
  const alt = visibleText(decodeEntities(token.text)) || "Image";
  const chip = (
    <>
      <Image size={12} aria-hidden className="shrink-0" />
      <span className="truncate">{alt}</span>
      <span className="truncate text-faint">{link ? link.host : "not loaded"}</span>
    </>
  );
  const className =
    "inline-flex max-w-full items-center gap-1 rounded-control border border-border bg-surface px-1.5 align-bottom text-xs";
  return link ? (
    <a href={link.href} target="_blank" rel="noopener noreferrer" title={link.href} className={className}>
      {chip}
    </a>
  ) : (
    <span className={className}>{chip}</span>
  );
}
