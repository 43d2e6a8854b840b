import { expect } from "@playwright/test";
import * as z from "zod";
import type { RealAgentServer } from "#src/testing/real-agent-server.ts";

const Message = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).nullish(),
});
type Message = z.infer<typeof Message>;

const Permission = z.looseObject({
  options: z.array(z.looseObject({ optionId: z.string(), kind: z.string() })),
});

/** A client of the remote server that is not Sandbar: ACP over HTTP by hand, in a process and a session of its own. */
export type OtherClient = {
  session_id: string;
  /** Sends a prompt, allows once whatever the agent asks for, and resolves with the end of the turn. */
  prompt(text: string): Promise<void>;
  /** Ends the process. */
  close(): Promise<void>;
};

export async function connectOtherClient(
  { url, token, folder }: RealAgentServer,
  agent: string,
): Promise<OtherClient> {
  const address = `${url}/v1/acp/${crypto.randomUUID()}`;
  const authorization = `Bearer ${token}`;
  const closing = new AbortController();

  async function post(message: object, query = ""): Promise<unknown> {
    const response = await fetch(`${address}${query}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      signal: closing.signal,
    });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return text === "" ? null : JSON.parse(text);
  }

  async function request(method: string, params: object, query?: string): Promise<unknown> {
    const { error, result } = Message.parse(await post({ id: crypto.randomUUID(), method, params }, query));
    expect(error?.message).toBeUndefined();
    return result;
  }

  async function allow({ id, params }: Message): Promise<void> {
    const once = Permission.parse(params).options.find(({ kind }) => kind === "allow_once");
    await post({ id, result: { outcome: { outcome: "selected", optionId: once?.optionId } } });
  }

  async function listen(): Promise<void> {
    const response = await fetch(address, { headers: { authorization }, signal: closing.signal });
    if (!response.body) throw new Error("the stream has no body");
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.startsWith("data: ")) continue;
        const message = Message.parse(JSON.parse(line.slice(6)));
        if (message.method === "session/request_permission") await allow(message);
      }
    }
  }

  const clientInfo = { name: "other", version: "1" };
  await request("initialize", { protocolVersion: 1, clientCapabilities: {}, clientInfo }, `?agent=${agent}`);
  const heard = listen();
  // When it breaks, the prompt that waits says so.
  heard.catch(() => {});
  const made = await request("session/new", { cwd: folder, mcpServers: [] });
  const { sessionId } = z.looseObject({ sessionId: z.string() }).parse(made);
  return {
    session_id: sessionId,
    async prompt(text) {
      const params = { sessionId, prompt: [{ type: "text", text }] };
      await Promise.race([request("session/prompt", params), heard]);
    },
    async close() {
      // The server answers only when the agent is gone, and lets it go when nobody waits for the answer (spec 3.6).
      const patience = AbortSignal.timeout(500);
      await fetch(address, { method: "DELETE", headers: { authorization }, signal: patience }).catch(
        () => {},
      );
      closing.abort();
    },
  };
}
