import type { ContentBlock } from "#src/domain/content.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import type { InitializeResult, WireContent } from "./wire.ts";

/** A block of an agent's message, of a tool's content or of a replayed prompt. */
export function contentFromWire(block: WireContent): ContentBlock {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text };
    case "image":
      return { type: "image", media_type: block.mimeType, data: block.data };
    case "audio":
      return { type: "file", name: "audio", media_type: block.mimeType, data: block.data };
    case "resource_link":
      return {
        type: "file",
        name: block.name ?? nameOf(block.uri),
        media_type: block.mimeType ?? undefined,
        path: pathOf(block.uri),
      };
    case "resource": {
      const { uri, mimeType, text, blob } = block.resource;
      return {
        type: "file",
        name: nameOf(uri),
        media_type: mimeType ?? undefined,
        path: pathOf(uri),
        data: blob ?? (text === null || text === undefined ? undefined : toBase64(text)),
      };
    }
    default:
      return block satisfies never;
  }
}

type PromptCapabilities = NonNullable<InitializeResult["agentCapabilities"]>["promptCapabilities"];

/**
 * A message as ACP prompt blocks, within what the agent said it takes.
 * @throws BackendError `unsupported` for a block that the agent does not take
 */
export function promptToWire(content: readonly ContentBlock[], can: PromptCapabilities): WireContent[] {
  return content.map((block): WireContent => {
    switch (block.type) {
      case "text":
        return { type: "text", text: block.text };
      case "image":
        if (!can?.image) throw unsupported("images");
        return { type: "image", mimeType: block.media_type, data: block.data };
      case "file":
        return fileToWire(block, can);
      case "tool_use":
      case "tool_result":
        throw unsupported("tool calls in a prompt");
      default:
        return block satisfies never;
    }
  });
}

function fileToWire(file: Extract<ContentBlock, { type: "file" }>, can: PromptCapabilities): WireContent {
  const mimeType = file.media_type ?? null;
  const uri =
    file.path === undefined
      ? `attachment:///${encodeURIComponent(file.name)}`
      : `file://${encodeURI(file.path)}`;
  if (file.data === undefined) return { type: "resource_link", uri, name: file.name, mimeType };
  if (!can?.embeddedContext) throw unsupported("attached files");
  const text = isText(file.media_type) ? fromBase64(file.data) : null;
  return {
    type: "resource",
    resource: text === null ? { uri, mimeType, blob: file.data } : { uri, mimeType, text },
  };
}

function unsupported(what: string): BackendError {
  return new BackendError("unsupported", `This agent does not take ${what}. Remove them and send again.`);
}

function isText(media_type: string | undefined): boolean {
  return media_type !== undefined && /^text\/|[/+](json|xml|yaml|javascript|toml)$/.test(media_type);
}

function nameOf(uri: string): string {
  return (
    decodeUri(uri)
      .split("/")
      .findLast((part) => part !== "") ?? uri
  );
}

function pathOf(uri: string): string | undefined {
  return uri.startsWith("file://") ? decodeUri(uri.slice("file://".length)) : undefined;
}

/** The URI in plain characters, or as it is when it is not well formed. */
function decodeUri(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** The text in base64, or null when it is not UTF-8. */
function fromBase64(data: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
