import type { JsonRpcId, Stream } from "@agentclientprotocol/sdk";
import type { Shell } from "./shell.ts";
import type { SessionStore } from "./store.ts";

/** The process the agent lives in; tests pass their own. */
export type Host = {
  /** Writes a line to stdout as it is, whether or not it is JSON. */
  printLine(line: string): Promise<void>;
  logError(line: string): void;
  exit(code: number): void;
  now(): Date;
  store: SessionStore;
  shell: Shell;
};

/** Lets a handler say what happens right after its own reply has been written, which the ACP library cannot. */
export class ReplyHooks {
  readonly #hooks = new Map<JsonRpcId, () => void>();

  afterReply(requestId: JsonRpcId, hook: () => void): void {
    this.#hooks.set(requestId, hook);
  }

  /** The same stream, watched for replies. */
  watch(stream: Stream): Stream {
    const writer = stream.writable.getWriter();
    const writable: Stream["writable"] = new WritableStream({
      write: async (message) => {
        await writer.write(message);
        if (!("method" in message) && "id" in message) this.#run(message.id);
      },
      close: () => writer.close(),
      abort: (reason) => writer.abort(reason),
    });
    return { readable: stream.readable, writable };
  }

  #run(id: JsonRpcId): void {
    const hook = this.#hooks.get(id);
    this.#hooks.delete(id);
    hook?.();
  }
}
