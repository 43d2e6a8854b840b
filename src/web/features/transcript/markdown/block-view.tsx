import type { Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { cn } from "#src/web/ui/cn.ts";
import { CodeBlock } from "#src/web/ui/content/code-block.tsx";
import { ScrollRegion } from "#src/web/ui/content/scroll-region.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { type Block, isMarkedToken } from "./blocks.ts";
import { inline } from "./inline.tsx";

const headings = [
  { Tag: "h3", className: "mt-2 text-xl font-semibold" },
  { Tag: "h4", className: "mt-1.5 text-lg font-semibold" },
  { Tag: "h5", className: "mt-1 text-base font-semibold" },
  { Tag: "h6", className: "text-base font-medium text-muted" },
] as const;

/** One block of markdown as elements: a call, because the block that streams is taken with every delta. */
export function blockElements({ token, open }: Pick<Block, "open"> & { token: Token }): ReactNode {
  if (!isMarkedToken(token)) return visibleText(token.raw);
  switch (token.type) {
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "hr":
      return <hr className="my-1 border-border" />;
    case "heading":
      return <Heading heading={token} />;
    case "paragraph":
      return <p>{inline(token.tokens)}</p>;
    case "code":
      return <CodeBlock text={token.text} language={(token.lang ?? "").split(/\s/)[0] ?? ""} open={open} />;
    case "blockquote":
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-control/60 pl-3 text-muted">
          <Blocks tokens={token.tokens} open={open} />
        </blockquote>
      );
    case "list":
      return <ListView list={token} open={open} />;
    case "table":
      return <TableView table={token} />;
    case "html":
      return <p className="whitespace-pre-wrap">{visibleText(token.raw.trimEnd())}</p>;
    case "text":
      // An element of its own: what stands in one line of a list must not become boxes under each other.
      return <div>{token.tokens ? inline(token.tokens) : visibleText(token.text)}</div>;
    default:
      return visibleText(token.raw);
  }
}

/** A heading, two levels below the page's own. */
function Heading({ heading }: { heading: Tokens.Heading }) {
  const { Tag, className } = headings[Math.min(heading.depth, headings.length) - 1] ?? headings[0];
  return <Tag className={className}>{inline(heading.tokens)}</Tag>;
}

function Blocks({ tokens, open }: { tokens: readonly Token[]; open: boolean }): ReactNode {
  return tokens.map((token, index) => (
    <Fragment key={index}>{blockElements({ token, open: open && index === tokens.length - 1 })}</Fragment>
  ));
}

function ListView({ list, open }: { list: Tokens.List; open: boolean }) {
  const Tag = list.ordered ? "ol" : "ul";
  return (
    <Tag
      start={list.ordered && list.start !== "" ? list.start : undefined}
      className={cn(
        "flex flex-col pl-6",
        list.ordered ? "list-decimal" : "list-disc",
        list.loose ? "gap-2" : "gap-1",
      )}
    >
      {list.items.map((item, index) => (
        <li
          key={index}
          className={cn("marker:text-faint", item.task && "-ml-5 flex list-none items-start gap-2")}
        >
          {item.task && (
            <input
              type="checkbox"
              checked={item.checked ?? false}
              readOnly
              tabIndex={-1}
              aria-label={item.checked ? "Done" : "Not done"}
              className="pointer-events-none mt-1 accent-accent"
            />
          )}
          <div className="flex min-w-0 flex-col gap-1">
            <Blocks tokens={item.tokens} open={open && index === list.items.length - 1} />
          </div>
        </li>
      ))}
    </Tag>
  );
}

const aligned = { left: "text-left", center: "text-center", right: "text-right" };

function TableView({ table }: { table: Tokens.Table }) {
  return (
    <ScrollRegion label="Table" className="max-w-full overflow-x-auto rounded-control border border-border">
      {/* Words stay whole, so that a narrow table scrolls instead of breaking them. */}
      <table className="w-full border-collapse text-sm wrap-break-word">
        <thead>
          <tr className="bg-surface">
            {table.header.map((cell, index) => (
              <th
                key={index}
                className={cn(
                  "border-b border-border px-3 py-1.5 font-medium",
                  aligned[cell.align ?? "left"],
                )}
              >
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index} className="not-last:border-b not-last:border-border">
              {row.map((cell, at) => (
                <td key={at} className={cn("min-w-16 px-3 py-1.5 align-top", aligned[cell.align ?? "left"])}>
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
