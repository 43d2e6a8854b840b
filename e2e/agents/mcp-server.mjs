// An MCP server on stdio with one tool, for an agent to be given.
import { createInterface } from "node:readline";

const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "notes", version: "1" },
  }),
  ping: () => ({}),
  "tools/list": () => ({
    tools: [
      {
        name: "look_up_note",
        description: `Looks a note up in ${process.env.NOTES_SHELF}`,
        inputSchema: { type: "object", properties: {} },
      },
    ],
  }),
  "tools/call": () => ({ content: [{ type: "text", text: "the note" }] }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const result = results[method]?.(params);
  const answer = result ? { result } : { error: { code: -32601, message: `no ${method}` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`);
}
