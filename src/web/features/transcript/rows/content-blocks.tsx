import { Download, File as FileIcon } from "lucide-react";
import type { ContentBlock } from "#src/domain/content.ts";
import { KeyValues } from "#src/web/ui/content/key-values.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

/** Images and files that came with a message. Only what travels inside it is shown; nothing is fetched. */
export function ContentBlocks({ content }: { content: readonly ContentBlock[] }) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      {content.map((block, index) => (
        <Attachment key={index} block={block} />
      ))}
    </div>
  );
}

function Attachment({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case "text":
      return <p className="w-full whitespace-pre-wrap">{visibleText(block.text)}</p>;
    case "image":
      if (!pictures.has(block.media_type)) {
        return <FileChip name={`Image (${block.media_type})`} data={null} media_type={block.media_type} />;
      }
      return (
        <img
          src={`data:${block.media_type};base64,${block.data}`}
          alt="Attachment"
          className="max-h-80 max-w-full rounded-control border border-border bg-surface object-contain"
        />
      );
    case "file":
      return (
        <FileChip
          name={block.path ?? block.name}
          data={block.data ?? null}
          media_type={block.media_type ?? "application/octet-stream"}
        />
      );
    case "tool_use":
    case "tool_result":
      return (
        <div className="w-full">
          <KeyValues value={block} />
        </div>
      );
    default:
      return block satisfies never;
  }
}

function FileChip({ name, data, media_type }: { name: string; data: string | null; media_type: string }) {
  const shown = visibleText(name);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 rounded-control border border-border bg-surface px-2 py-1 text-xs">
      <FileIcon size={14} aria-hidden className="shrink-0 text-faint" />
      <bdi className="truncate font-mono">{shown}</bdi>
      {data !== null && (
        <a
          href={`data:${/^[\w.+-]+\/[\w.+-]+$/.test(media_type) ? media_type : "application/octet-stream"};base64,${data}`}
          download={shown}
          aria-label={`Download ${shown}`}
          className="text-muted hover:text-text"
        >
          <Download size={14} aria-hidden />
        </a>
      )}
    </span>
  );
}
