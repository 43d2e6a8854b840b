import { BackendError } from "#src/backends/backend-error.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { Flavour } from "./memory.ts";

export type Upload = (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<string>;

/**
 * A message's blocks as the server takes them. Files are a block in Sandbar only; elsewhere they are put into the
 * sandbox and named in the text.
 * @throws BackendError `unsupported` for a block that cannot be sent
 */
export async function promptToWire(
  content: readonly ContentBlock[],
  flavour: Flavour,
  upload: Upload,
): Promise<ContentBlock[]> {
  const blocks: ContentBlock[] = [];
  for (const block of content) {
    switch (block.type) {
      case "text":
      case "image":
        blocks.push(block);
        break;
      case "file":
        blocks.push(flavour === "sandbar" ? block : await named(block, upload));
        break;
      case "tool_use":
      case "tool_result":
        throw new BackendError("unsupported", "This server does not take tool calls in a message.");
      default:
        return block satisfies never;
    }
  }
  return blocks;
}

async function named(
  { name, path, data }: Extract<ContentBlock, { type: "file" }>,
  upload: Upload,
): Promise<ContentBlock> {
  const at = data === undefined ? path : await upload(name, bytesOf(data));
  if (at === undefined)
    throw new BackendError("invalid_request", `The file "${name}" has neither a path nor content.`);
  return { type: "text", text: `Attached file: ${at}` };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new BackendError("invalid_request", "An attachment is not valid base64.", { cause });
  }
}
