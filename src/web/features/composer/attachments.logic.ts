import type { Capabilities } from "#src/domain/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { formatBytes } from "#src/lib/format.ts";

/** A file that goes with the next message, read and ready. `text` is there for a long paste, which can go back. */
export type Attachment = {
  id: number;
  kind: "image" | "file";
  name: string;
  media_type: string;
  /** base64 */
  data: string;
  bytes: number;
  text: string | null;
};

type Limits = Pick<Capabilities["sessions"], "attachments" | "max_attachment_bytes">;
type Candidate = { name: string; type: string; size: number };

/** How many characters a paste may have to go into the field; a longer one becomes a file where files can be sent. */
export const LONG_PASTE = 8000;

/** Whether it goes as an image or as a file; null when the agent takes neither. */
export function kindOf(type: string, limits: Limits): Attachment["kind"] | null {
  if (type.startsWith("image/") && limits.attachments.includes("image")) return "image";
  return limits.attachments.includes("file") ? "file" : null;
}

/** Why a file cannot be attached, in one sentence; null when it can. */
export function refusal(file: Candidate, limits: Limits): string | null {
  if (limits.attachments.length === 0) return "This agent takes no attachments.";
  if (kindOf(file.type, limits) === null) return `${file.name}: this agent takes images only.`;
  if (file.size > limits.max_attachment_bytes) {
    return `${file.name} has ${formatBytes(file.size)}; the limit is ${formatBytes(limits.max_attachment_bytes)}.`;
  }
  return null;
}

/** A message as it is sent: its text, then its attachments. */
export function toContent(text: string, attachments: readonly Attachment[]): ContentBlock[] {
  const words: ContentBlock[] = text.trim() === "" ? [] : [{ type: "text", text }];
  return [
    ...words,
    ...attachments.map<ContentBlock>(({ kind, name, media_type, data }) =>
      kind === "image" ? { type: "image", media_type, data } : { type: "file", name, media_type, data },
    ),
  ];
}
