import * as z from "zod";
import { isPrompt } from "./script.ts";
import { callFor } from "./tools.ts";
import { type Frame, freshId, pieces, type Wire } from "./wire.ts";

const Block = z.looseObject({ type: z.string(), text: z.string().optional() });
const Body = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Block)]) })),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** Anthropic's messages, which Claude Code speaks. */
export const messagesWire: Wire = {
  path: "/v1/messages",
  ask(raw) {
    const { model, messages, tools = [] } = Body.parse(raw);
    const prompts: string[] = [];
    let results = 0;
    for (const { role, content } of messages) {
      if (role !== "user") continue;
      const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
      results += blocks.filter(({ type }) => type === "tool_result").length;
      const prompt = blocks.find(({ text = "" }) => isPrompt(text))?.text;
      if (prompt === undefined) continue;
      prompts.push(prompt);
      results = 0;
    }
    return { model, prompts, results, tools: tools.map(({ name }) => name) };
  },
  *frames(reply, { tools }) {
    const frame = (type: string, rest: object): Frame => ({ event: type, data: { type, ...rest } });
    let index = -1;
    function* block(content_block: object, deltas: object[]): Iterable<Frame> {
      index += 1;
      yield frame("content_block_start", { index, content_block });
      for (const delta of deltas) yield frame("content_block_delta", { index, delta });
      yield frame("content_block_stop", { index });
    }
    const message = {
      id: freshId("msg"),
      type: "message",
      role: "assistant",
      model: "scripted",
      content: [],
    };
    const usage = { input_tokens: 1200, output_tokens: 1 };
    yield frame("message_start", {
      message: { ...message, stop_reason: null, stop_sequence: null, usage },
    });
    if (reply.reasoning) {
      const thoughts = pieces(reply.reasoning).map((thinking) => ({ type: "thinking_delta", thinking }));
      const signature = { type: "signature_delta", signature: "c2NyaXB0ZWQ=" };
      yield* block({ type: "thinking", thinking: "", signature: "" }, [...thoughts, signature]);
    }
    if (reply.text)
      yield* block(
        { type: "text", text: "" },
        pieces(reply.text).map((text) => ({ type: "text_delta", text })),
      );
    if (reply.action) {
      const { name, input } = callFor(reply.action, tools);
      const partial_json = JSON.stringify(input);
      yield* block({ type: "tool_use", id: freshId("toolu"), name, input: {} }, [
        { type: "input_json_delta", partial_json },
      ]);
    }
    const stop_reason = reply.action ? "tool_use" : "end_turn";
    yield frame("message_delta", {
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: 34 },
    });
    yield frame("message_stop", {});
  },
};
