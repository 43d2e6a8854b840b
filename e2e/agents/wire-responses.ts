import * as z from "zod";
import { isPrompt } from "./script.ts";
import { callFor } from "./tools.ts";
import { type Frame, freshId, pieces, type Wire } from "./wire.ts";

const Part = z.looseObject({ text: z.string().optional() });
const Body = z.looseObject({
  model: z.string(),
  input: z.array(
    z.looseObject({
      type: z.string().optional(),
      role: z.string().optional(),
      content: z.union([z.string(), z.array(Part)]).nullish(),
    }),
  ),
  tools: z.array(z.looseObject({ name: z.string().optional(), type: z.string() })).optional(),
});

/** OpenAI's responses, which Codex speaks. */
export const responsesWire: Wire = {
  path: "/v1/responses",
  ask(raw) {
    const { model, input, tools = [] } = Body.parse(raw);
    const prompts: string[] = [];
    let results = 0;
    for (const { type, role, content } of input) {
      if (type?.endsWith("_call_output")) results += 1;
      const parts = typeof content === "string" ? [{ text: content }] : (content ?? []);
      const prompt = role === "user" ? parts.find(({ text = "" }) => isPrompt(text))?.text : undefined;
      if (prompt === undefined) continue;
      prompts.push(prompt);
      results = 0;
    }
    return { model, prompts, results, tools: tools.map(({ name, type }) => name ?? type) };
  },
  *frames(reply, { tools }) {
    const response_id = freshId("resp");
    const output: object[] = [];
    const frame = (type: string, rest: object): Frame => ({ event: type, data: { type, ...rest } });
    const whole = (status: string) => ({
      response: {
        id: response_id,
        object: "response",
        status,
        output,
        usage: {
          input_tokens: 1200,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: 34,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: 1234,
        },
      },
    });
    function* item(started: object, done: object, deltas: Iterable<Frame>): Iterable<Frame> {
      const output_index = output.length;
      output.push(done);
      yield frame("response.output_item.added", { output_index, item: started });
      yield* deltas;
      yield frame("response.output_item.done", { output_index, item: done });
    }
    yield frame("response.created", whole("in_progress"));
    if (reply.reasoning) {
      const base = { type: "reasoning", id: freshId("rs"), encrypted_content: null };
      const summary = [{ type: "summary_text", text: reply.reasoning }];
      const place = { item_id: base.id, output_index: output.length, summary_index: 0 };
      yield* item({ ...base, summary: [] }, { ...base, summary }, [
        frame("response.reasoning_summary_part.added", {
          ...place,
          part: { type: "summary_text", text: "" },
        }),
        ...pieces(reply.reasoning).map((delta) =>
          frame("response.reasoning_summary_text.delta", { ...place, delta }),
        ),
      ]);
    }
    if (reply.text) {
      const base = { type: "message", id: freshId("msg"), role: "assistant", status: "completed" };
      const place = { item_id: base.id, output_index: output.length, content_index: 0 };
      const content = [{ type: "output_text", text: reply.text, annotations: [] }];
      yield* item(
        { ...base, content: [] },
        { ...base, content },
        pieces(reply.text).map((delta) => frame("response.output_text.delta", { ...place, delta })),
      );
    }
    if (reply.action) {
      const { name, input } = callFor(reply.action, tools);
      const base = { id: freshId("fc"), call_id: freshId("call"), name, status: "completed" };
      const call =
        typeof input === "string"
          ? { ...base, type: "custom_tool_call", input }
          : { ...base, type: "function_call", arguments: JSON.stringify(input) };
      yield* item(call, call, []);
    }
    yield frame("response.completed", whole("completed"));
  },
};
