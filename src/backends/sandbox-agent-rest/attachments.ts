import { BackendError } from "#src/backends/backend-error.ts";
import { MAX_BODY_BYTES } from "#src/backends/shared/agent-server.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { textOf } from "#src/domain/text.ts";

export type Upload = (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
export type Attachment = { path: string; mime?: string; filename?: string };
export type WirePrompt = { message: string; attachments?: Attachment[] };

/**
 * A message as the API wants it: one text, and files by their path in the sandbox; what travels with the message is
 * uploaded first.
 * @throws BackendError `unsupported` for a block that cannot be sent, `too_large`, `invalid_request` when empty
 */
export async function promptToWire(content: readonly ContentBlock[], upload: Upload): Promise<WirePrompt> {
  const attachments: Attachment[] = [];
  for (const block of content) {
    if (block.type === "text") continue;
    attachments.push(await attachmentOf(block, upload));
  }
  const message = textOf(content);
  // The server takes an empty message and then never ends its turn (spec 2).
  if (message.trim() === "" && attachments.length === 0)
    throw new BackendError("invalid_request", "The message is empty.");
  return attachments.length > 0 ? { message, attachments } : { message };
}

async function attachmentOf(
  block: Exclude<ContentBlock, { type: "text" }>,
  upload: Upload,
): Promise<Attachment> {
  switch (block.type) {
    case "image": {
      const filename = `image.${block.media_type.split("/")[1]?.replace(/\W.*$/, "") ?? "png"}`;
      return { path: await upload(filename, bytesOf(block.data)), mime: block.media_type, filename };
    }
    case "file": {
      const { name: filename, media_type: mime } = block;
      const path = block.data === undefined ? block.path : await upload(filename, bytesOf(block.data));
      if (path === undefined)
        throw new BackendError("invalid_request", `The file "${filename}" has neither a path nor content.`);
      return { path, ...(mime !== undefined && { mime }), filename };
    }
    case "tool_use":
    case "tool_result":
      throw new BackendError("unsupported", "This server does not take tool calls in a message.");
    default:
      return block satisfies never;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(base64);
  } catch (cause) {
    throw new BackendError("invalid_request", "An attachment is not valid base64.", { cause });
  }
  if (binary.length > MAX_BODY_BYTES)
    throw new BackendError("too_large", "This server takes attachments up to 2 MB each. Send a smaller one.");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
