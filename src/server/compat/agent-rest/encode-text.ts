import type { EventData } from "#src/domain/event.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { completed, delta, type EncodeMemory, nextItemId, type OpenBlock, started } from "./memory.ts";
import type { Item, Part, Told } from "./universal.ts";

/** More of a text or thought: into the block that streams, into a finished one that it names, or into a new item. */
export function encodeDelta(
  kind: OpenBlock["kind"],
  { text, block_id }: EventData["text_delta"],
  memory: EncodeMemory,
): Told[] {
  if (text === "") return [];
  const { open } = memory;
  if (open?.kind === kind && (block_id === undefined || block_id === open.block_id)) {
    open.text += text;
    return [delta(open.item_id, text)];
  }
  const finished = kind === "text" && block_id !== undefined ? memory.blocks.get(block_id) : undefined;
  if (finished?.complete) {
    finished.text += text;
    return [delta(finished.item_id, text), textItem("item.completed", finished.item_id, finished.text)];
  }
  const closing = closeBlock(memory);
  const item_id = nextItemId(memory);
  memory.open = { item_id, kind, block_id: block_id ?? null, text };
  const first =
    kind === "text" ? textItem("item.started", item_id, null) : thought("item.started", item_id, "");
  return [...closing, first, delta(item_id, text)];
}

/** The final text of a block. Without a block id it means the block that streams. */
export function encodeComplete({ text, block_id }: EventData["text_complete"], memory: EncodeMemory): Told[] {
  const { open } = memory;
  if (open?.kind === "text" && (block_id === undefined || block_id === open.block_id)) {
    const more = text.startsWith(open.text) ? text.slice(open.text.length) : "";
    // Some agents complete a block with no text: what the deltas made stands.
    if (text !== "") open.text = text;
    return [...(more === "" ? [] : [delta(open.item_id, more)]), ...closeBlock(memory, true)];
  }
  const known =
    block_id === undefined
      ? [...memory.blocks.values()].find((block) => block.text === text)
      : memory.blocks.get(block_id);
  if (known) {
    if (text === "" || text === known.text) return [];
    Object.assign(known, { text, complete: true });
    return [textItem("item.completed", known.item_id, text)];
  }
  if (text === "") return [];
  const closing = closeBlock(memory);
  const item_id = nextItemId(memory);
  memory.blocks.set(block_id ?? item_id, { item_id, text, complete: true });
  return [
    ...closing,
    textItem("item.started", item_id, null),
    delta(item_id, text),
    textItem("item.completed", item_id, text),
  ];
}

/** Ends the block that streams, because something else comes or because its text is `complete`. */
export function closeBlock(memory: EncodeMemory, complete = false): Told[] {
  const { open } = memory;
  if (!open) return [];
  memory.open = null;
  const { item_id, text, block_id } = open;
  if (open.kind === "thinking") return [thought("item.completed", item_id, text)];
  memory.blocks.set(block_id ?? item_id, { item_id, text, complete });
  return [textItem("item.completed", item_id, text)];
}

function textItem(type: "item.started" | "item.completed", item_id: string, text: string | null): Told {
  const content: Part[] = text === null ? [] : [{ type: "text", text }];
  return assistant(type, item_id, content);
}

function thought(type: "item.started" | "item.completed", item_id: string, text: string): Told {
  return assistant(type, item_id, [{ type: "reasoning", text, visibility: "public" }]);
}

function assistant(type: "item.started" | "item.completed", item_id: string, content: Part[]): Told {
  const fields: Pick<Item, "item_id" | "kind" | "role" | "content"> = {
    item_id,
    kind: "message",
    role: "assistant",
    content,
  };
  return type === "item.started" ? started(fields) : completed(fields);
}

/** Blocks of a message as parts. An image that travels in the message is a `data:` address. */
export function partsOf(content: readonly ContentBlock[]): Part[] {
  return content.flatMap((block): Part[] => {
    switch (block.type) {
      case "text":
        return [{ type: "text", text: block.text }];
      case "image":
        return [
          {
            type: "image",
            path: `data:${block.media_type};base64,${block.data}`,
            mime: block.media_type,
          },
        ];
      case "file":
        return [{ type: "file_ref", path: block.path ?? block.name, action: "read", diff: null }];
      case "tool_use":
      case "tool_result":
        // Messages of people hold none, and those of agents come as tool events.
        return [];
      default:
        return block satisfies never;
    }
  });
}
