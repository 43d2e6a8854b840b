import { File as FileIcon, X } from "lucide-react";
import { formatBytes } from "#src/lib/format.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import type { Attachment } from "./attachments.logic.ts";

type AttachmentChipsProps = {
  attachments: readonly Attachment[];
  onRemove: (id: number) => void;
  /** Puts a long paste into the field after all. */
  onInline: (attachment: Attachment) => void;
};

/** The files that go with the next message. */
export function AttachmentChips({ attachments, onRemove, onInline }: AttachmentChipsProps) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Attachments" className="flex flex-wrap gap-1.5 px-2 pt-2">
      {attachments.map((attachment) => (
        <li
          key={attachment.id}
          className="flex max-w-full items-center gap-1.5 rounded-control border border-border bg-surface py-0.5 pr-0.5 pl-1.5 text-xs"
        >
          {attachment.kind === "image" ? (
            <img
              src={`data:${attachment.media_type};base64,${attachment.data}`}
              alt=""
              className="size-6 rounded-[4px] object-cover"
            />
          ) : (
            <FileIcon size={14} aria-hidden className="text-faint" />
          )}
          <bdi className="max-w-48 truncate">{visibleText(attachment.name)}</bdi>
          <span className="text-faint">{formatBytes(attachment.bytes)}</span>
          {attachment.text !== null && (
            <button
              type="button"
              className="rounded-control px-1 text-accent hover:underline"
              onClick={() => onInline(attachment)}
            >
              Put into the message
            </button>
          )}
          <button
            type="button"
            aria-label={`Remove ${attachment.name}`}
            className="flex size-6 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-text"
            onClick={() => onRemove(attachment.id)}
          >
            <X size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
