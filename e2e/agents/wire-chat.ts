import * as z from "zod";
import { isPrompt } from "./script.ts";
import { callFor } from "./tools.ts";
import { freshId, pieces, type Wire } from "./wire.ts";

const Content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() })), z.null()]);
const Body = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content.optional() })),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
});

/** OpenAI's chat completions, which OpenCode speaks through its compatible provider. */
export const chatWire: Wire = {
  path: "/v1/chat/completions",
  ask(raw) {
    const { model, messages, tools = [] } = Body.parse(raw);
    const prompts: string[] = [];
    let results = 0;
    for (const { role, content } of messages) {
      if (role === "tool") results += 1;
      const texts = Array.isArray(content) ? content.map(({ text }) => text ?? "") : [content ?? ""];
      const prompt = role === "user" ? texts.find(isPrompt) : undefined;
      if (prompt === undefined) continue;
      prompts.push(prompt);
      results = 0;
    }
    return { model, prompts, results, tools: tools.map((tool) => tool.function.name) };
  },
  *frames(reply, { tools }) {
    const base = { id: freshId("chatcmpl"), object: "chat.completion.chunk", created: 0, model: "scripted" };
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      data: { ...base, choices: [{ index: 0, delta, finish_reason }] },
    });
    yield chunk({ role: "assistant", content: "" });
    for (const piece of pieces(reply.reasoning ?? "")) yield chunk({ reasoning_content: piece });
    for (const piece of pieces(reply.text ?? "")) yield chunk({ content: piece });
    if (reply.action) {
      const { name, input } = callFor(reply.action, tools);
      const call = { name, arguments: JSON.stringify(input) };
      yield chunk({ tool_calls: [{ index: 0, id: freshId("call"), type: "function", function: call }] });
    }
    yield chunk({}, reply.action ? "tool_calls" : "stop");
    const usage = { prompt_tokens: 1200, completion_tokens: 34, total_tokens: 1234 };
    yield { data: { ...base, choices: [], usage } };
    yield { data: "[DONE]" };
  },
};
