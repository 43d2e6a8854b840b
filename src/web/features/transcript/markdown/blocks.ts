import { Lexer, type MarkedToken, type Token, type TokensList } from "marked";

/** One top-level block of a markdown text, with the blank lines after it. `raw`s joined are the source. */
export type Block = { token: MarkedToken; raw: string; open: boolean };

type Links = TokensList["links"];

/**
 * A text that grows, lexed as it grows. A block is finished when a blank line follows it and another block came after:
 * nothing that may still arrive changes it, so it keeps its identity and is never lexed again.
 */
export type BlockList = {
  readonly source: string;
  readonly blocks: readonly Block[];
  /** How many blocks are finished, and where the rest starts in the source. */
  readonly finished: number;
  readonly tail_start: number;
  readonly links: Links;
};

export const emptyBlocks: BlockList = { source: "", blocks: [], finished: 0, tail_start: 0, links: {} };

/**
 * The blocks of `text`, reusing what `previous` has when `text` continues it. `open` tells whether more may follow,
 * which leaves the last block open. Link definitions reach back to any block, so a text that has some is lexed whole.
 */
export function lexBlocks(previous: BlockList, text: string, open: boolean): BlockList {
  const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (source === previous.source) return withOpenTail(previous, open);
  if (!continues(source, previous.source)) return lexAll(source, open);
  if (!hasLinks(previous.links)) {
    const tail = Lexer.lex(source.slice(previous.tail_start), { gfm: true });
    const finished = previous.blocks.slice(0, previous.finished);
    if (!hasLinks(tail.links)) return assemble(source, finished, previous.tail_start, tail, open);
  }
  const whole = lexAll(source, open);
  return sameLinks(whole.links, previous.links) ? keepIdentity(previous, whole) : whole;
}

/** `startsWith`, which goes letter by letter: a slice is no copy, and two strings are compared as memory. */
function continues(text: string, beginning: string): boolean {
  return text.slice(0, beginning.length) === beginning;
}

/** All blocks of a text that will not grow. */
export function blocksOf(text: string): readonly Block[] {
  return lexBlocks(emptyBlocks, text, false).blocks;
}

/** A marked token, told apart from what an extension might have added: none is installed, unknown types are skipped. */
export function isMarkedToken(token: Token): token is MarkedToken {
  return knownTokens.has(token.type);
}

const knownTokens = new Set([
  "blockquote",
  "br",
  "checkbox",
  "code",
  "codespan",
  "def",
  "del",
  "em",
  "escape",
  "heading",
  "hr",
  "html",
  "image",
  "link",
  "list",
  "list_item",
  "paragraph",
  "space",
  "strong",
  "table",
  "text",
]);

function lexAll(source: string, open: boolean): BlockList {
  return assemble(source, [], 0, Lexer.lex(source, { gfm: true }), open);
}

function keepIdentity(previous: BlockList, next: BlockList): BlockList {
  const blocks = next.blocks.map((block, at) => {
    const old = previous.blocks[at];
    return old && old.raw === block.raw && old.open === block.open ? old : block;
  });
  return { ...next, blocks };
}

function assemble(
  source: string,
  kept: readonly Block[],
  start: number,
  tokens: TokensList,
  open: boolean,
): BlockList {
  const blocks: Block[] = [...kept];
  let finished = kept.length;
  let tailStart = start;
  let offset = start;
  for (const token of tokens) {
    if (!isMarkedToken(token)) continue;
    // Cut from the source: a list's own `raw` has its trailing blanks rewritten, at the same length.
    const raw = source.slice(offset, offset + token.raw.length);
    const last = blocks.at(-1);
    if (token.type === "space" && last && blocks.length > kept.length) {
      blocks[blocks.length - 1] = { ...last, raw: last.raw + raw };
    } else {
      if (last && blankLineAtEnd.test(last.raw)) {
        finished = blocks.length;
        tailStart = offset;
      }
      blocks.push({ token, raw, open: false });
    }
    offset += token.raw.length;
  }
  return withOpenTail({ source, blocks, finished, tail_start: tailStart, links: tokens.links }, open);
}

const blankLineAtEnd = /\n[ \t]*\n$/;

function withOpenTail(list: BlockList, open: boolean): BlockList {
  const last = list.blocks.at(-1);
  if (!last || last.open === open) return list;
  return { ...list, blocks: [...list.blocks.slice(0, -1), { ...last, open }] };
}

function hasLinks(links: Links): boolean {
  return Object.keys(links).length > 0;
}

function sameLinks(a: Links, b: Links): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => a[name]?.href === b[name]?.href && a[name]?.title === b[name]?.title)
  );
}
