import type { ContentBlock, Message } from "#src/domain/content.ts";
import type { Row } from "#src/transcript/rows.ts";

/**
 * The messages of a session in the Sessions API's form (its spec, section 3): one user message a prompt, one
 * assistant message a turn, whose blocks stand in the order they arrived (section 7, "block order in a reply").
 */
export function messagesOf(session_id: string, rows: readonly Row[]): Message[] {
  const messages: Message[] = [];
  let assistant: Message | null = null;
  for (const row of rows) {
    if (row.kind === "user") {
      assistant = null;
      messages.push({
        id: row.message_id,
        session_id,
        role: "user",
        content: row.content,
        timestamp: row.at,
      });
      continue;
    }
    const blocks = blocksOf(row);
    if (blocks.length === 0) continue;
    if (!assistant || isOtherTurn(assistant, row)) {
      assistant = { id: assistantId(row), session_id, role: "assistant", content: [], timestamp: row.at };
      messages.push(assistant);
    }
    assistant.content.push(...blocks);
  }
  return messages;
}

/** The assistant's message of one turn; empty content when the turn said nothing. */
export function answerOf(
  session_id: string,
  rows: readonly Row[],
  turn_id: string,
  timestamp: string,
): Message {
  const own = rows.filter((row) => row.turn_id === turn_id && row.kind !== "user");
  const found = messagesOf(session_id, own)[0];
  return found ?? { id: `assistant-${turn_id}`, session_id, role: "assistant", content: [], timestamp };
}

function assistantId(row: Row): string {
  return `assistant-${row.turn_id ?? row.key}`;
}

function isOtherTurn(message: Message, row: Row): boolean {
  return message.id !== assistantId(row);
}

function blocksOf(row: Row): ContentBlock[] {
  switch (row.kind) {
    case "text":
      return row.text === "" ? [] : [{ type: "text", text: row.text }];
    case "content":
      return row.content;
    case "tool": {
      const { tool } = row;
      const use: ContentBlock = { type: "tool_use", id: tool.id, name: tool.name, input: tool.input ?? {} };
      if (tool.status !== "completed" && tool.status !== "failed") return [use];
      return [
        use,
        {
          type: "tool_result",
          tool_use_id: tool.id,
          content: tool.output,
          is_error: tool.status === "failed",
        },
      ];
    }
    case "user":
    case "thinking":
    case "permission":
    case "question":
    case "error":
    case "notice":
    case "log":
    case "unparsed":
    case "turn_end":
      return [];
  }
}
