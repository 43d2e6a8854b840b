import { BackendError } from "#src/backends/backend-error.ts";
import type { SessionLink } from "#src/backends/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { type Api, sessionPath } from "./api.ts";
import { readSession, type SessionAddress } from "./transcript.ts";
import type { Turns } from "./turns.ts";
import { WireSession } from "./wire.ts";

export const NO_INTERRUPT = "Amika cannot stop a turn: wait for its end, or stop the sandbox.";
export const NO_REQUESTS = "Amika's agents work without asking.";
export const NO_OPTIONS = "Amika takes a prompt without a model or mode; the agent's own defaults count.";
export const NO_ATTACHMENTS = "Amika takes text only. Put the file's text into the message, or its path.";

export type LinkConfig = {
  api: Api;
  address: SessionAddress;
  turns: Turns;
  agent: string;
  title: string | null;
  continued?: boolean;
  stop: () => void;
};

/** An open session as the port wants it. */
export function createLink({ api, address, turns, agent, title, continued, stop }: LinkConfig): SessionLink {
  const { http } = api;
  const { signal, onExchange } = address;
  const path = sessionPath(address.sandbox_ref, address.session_ref);

  async function patch(body: { status?: string; metadata?: Record<string, unknown> }): Promise<void> {
    await http.json({ method: "PATCH", path, body, signal, onExchange }, WireSession);
  }

  /**
   * Whether PATCH replaces or merges is not documented, so the whole object is sent, the transcript in it included; and
   * not while a turn runs, whose end writes there too.
   */
  function mergeMetadata(change: Record<string, unknown>): Promise<void> {
    return turns.whenIdle(async () => {
      const { session } = await readSession(api, address);
      await patch({ metadata: { ...session.metadata, ...change } });
    });
  }

  const unsupported = (why: string) => () => Promise.reject(new BackendError("unsupported", why));

  return {
    ref: address.session_ref,
    ...(continued !== undefined && { continued }),
    title,
    options: [],
    commands: [],
    async prompt(content) {
      signal.throwIfAborted();
      await turns.begin({ text: textOf(content), agent });
    },
    interrupt: unsupported(NO_INTERRUPT),
    replyPermission: unsupported(NO_REQUESTS),
    replyQuestion: unsupported(NO_REQUESTS),
    setOption: unsupported(NO_OPTIONS),
    setTitle: (title) => mergeMetadata({ title }),
    setMetadata: mergeMetadata,
    async close(how) {
      try {
        if (how === "end") await patch({ status: "completed" });
      } finally {
        stop();
      }
    },
  };
}

/** @throws BackendError `unsupported` for anything but text, `invalid_request` for none */
function textOf(content: readonly ContentBlock[]): string {
  const texts = content.map((block) => {
    if (block.type === "text") return block.text;
    throw new BackendError("unsupported", NO_ATTACHMENTS);
  });
  const text = texts.join("\n\n");
  if (text.trim() === "") throw new BackendError("invalid_request", "The message is empty.");
  return text;
}
