import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AnyMessage } from "@agentclientprotocol/sdk";
import { connectMockAgent } from "#src/agents/mock/agent.ts";
import { Shell } from "#src/agents/mock/shell.ts";
import { SessionStore } from "#src/agents/mock/store.ts";
import type { FakeInstance, Message } from "./fake-acp-server.ts";

/** The mock agent as the player of fake processes, all with the same stored sessions. */
export type MockPlayer = {
  /** Where its sessions may work. */
  readonly folder: string;
  play(instance: FakeInstance): void;
  /** Stored sessions are gone. */
  forget(): void;
  close(): Promise<void>;
};

/** Sandbar's mock agent in this process, in place of the one that the real server would start. */
export async function startMockPlayer(): Promise<MockPlayer> {
  const folder = await mkdtemp(path.join(tmpdir(), "sandbar-acp-"));
  const shell = new Shell();
  let stores = 0;
  const newStore = (): SessionStore => new SessionStore(path.join(folder, `sessions-${(stores += 1)}`));
  let store = newStore();

  return {
    folder,
    play(instance) {
      const toAgent = new TransformStream<AnyMessage, AnyMessage>();
      const fromAgent = new TransformStream<AnyMessage, AnyMessage>();
      connectMockAgent(
        { readable: toAgent.readable, writable: fromAgent.writable },
        {
          printLine: async (raw) => notify(instance, "_adapter/invalid_stdout", { error: "not JSON", raw }),
          logError: () => {},
          exit: (code) => notify(instance, "_adapter/agent_exited", { code, success: code === 0 }),
          now: () => new Date(0),
          store,
          shell,
        },
      );
      void hear(instance, toAgent.writable.getWriter());
      void speak(instance, fromAgent.readable);
    },
    forget() {
      store = newStore();
    },
    async close() {
      shell.killAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function notify(instance: FakeInstance, method: string, params: object): void {
  instance.say({ jsonrpc: "2.0", method, params });
}

/** Passes on what is posted, for as long as the test lives. */
async function hear(instance: FakeInstance, agent: WritableStreamDefaultWriter<AnyMessage>): Promise<void> {
  for (;;) {
    // What the adapter posts is what the agent's own library has to make sense of.
    const message = (await instance.next(() => true)) as unknown as AnyMessage;
    await agent.write(message);
  }
}

/** Passes on what the agent says: by the stream, and a response also by the POST of its request. */
async function speak(instance: FakeInstance, said: ReadableStream<AnyMessage>): Promise<void> {
  for await (const message of said) {
    instance.say(message);
    if (!("method" in message)) instance.post(message as Message, 200, message);
  }
}
