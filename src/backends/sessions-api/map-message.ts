import { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { toolKindOf } from "#src/backends/shared/tool-kind.ts";
import type { WireMessage } from "./wire.ts";

/** A stored message as the events that it is made of. */
export function mapMessage(message: WireMessage): DomainEvent[] {
  const content: ContentBlock[] = [];
  const events: DomainEvent[] = [];
  for (const [index, raw] of message.content.entries()) {
    const block = ContentBlock.safeParse(raw).data;
    if (!block) events.push(unparsed(raw));
    else if (message.role === "user") content.push(block);
    else events.push(...mapBlock(block, `${message.id}/${index}`));
  }
  if (message.role !== "user") return events;
  const data = { message_id: message.id, content, turn_id: null, author: null };
  return [{ event_type: "user_message", data }, ...events];
}

function mapBlock(block: ContentBlock, block_id: string): DomainEvent[] {
  switch (block.type) {
    case "text":
      return [{ event_type: "text_complete", data: { text: block.text, block_id } }];
    case "image":
    case "file":
      return [{ event_type: "message_content", data: { block_id, content: [block] } }];
    case "tool_use": {
      const { id, name, input } = block;
      return [
        { event_type: "tool_use_start", data: { id, name, parent_id: null, kind: toolKindOf(name), input } },
      ];
    }
    case "tool_result": {
      const { tool_use_id, content, is_error } = block;
      return [{ event_type: "tool_result", data: { tool_use_id, content, is_error } }];
    }
    default:
      return block satisfies never;
  }
}

/** A whole conversation; each answer is a turn that ended. */
export function mapHistory(messages: readonly WireMessage[], running: boolean): DomainEvent[] {
  return messages.flatMap((message, index) => {
    const next = messages[index + 1];
    const ends = message.role !== "user" && (next ? next.role === "user" : !running);
    return ends ? [...mapMessage(message), END] : mapMessage(message);
  });
}

const END: DomainEvent = {
  event_type: "session_completed",
  data: { session_id: "", turn_id: null, stop_reason: "end_turn", duration_ms: null, cost_usd: null },
};

function unparsed(raw: unknown): DomainEvent {
  const data = { error: "A block of an unknown type or shape.", location: "message", raw };
  return { event_type: "unparsed", data };
}
