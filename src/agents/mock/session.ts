import { methods, type AgentContext, type SessionUpdate } from "@agentclientprotocol/sdk";
import { remember } from "./history.ts";
import type { Host } from "./host.ts";
import type { SessionRecord } from "./store.ts";
import type { Turn } from "./turn.ts";
import { Workspace } from "./workspace.ts";

/** Tokens the mock model's context is said to hold. */
const CONTEXT_TOKENS = 200_000;
const DOLLARS_PER_TOKEN = 0.000_003;
const CHARACTERS_PER_TOKEN = 4;

/** An update of a kind that ACP does not define. */
type UnknownUpdate = { sessionUpdate: string; [field: string]: unknown };

/** One open session: its record, the folder it works in, and the client that listens to it. */
export class Session {
  readonly record: SessionRecord;
  readonly workspace: Workspace;
  readonly client: AgentContext;
  readonly host: Host;
  /** The running turn; a session runs one at a time. */
  turn: Turn | null = null;
  #saved: Promise<void> = Promise.resolve();

  constructor(record: SessionRecord, client: AgentContext, host: Host) {
    this.record = record;
    this.workspace = new Workspace(record.cwd);
    this.client = client;
    this.host = host;
  }

  /** Sends an update and keeps it. Resolves when it is written. */
  async send(update: SessionUpdate): Promise<void> {
    this.keep(update);
    await this.deliver(update);
  }

  /** Counts an update's tokens and keeps it for replay, without sending it. */
  keep(update: SessionUpdate): void {
    remember(this.record.history, update);
    this.record.tokens += Math.ceil(textLength(update) / CHARACTERS_PER_TOKEN);
  }

  /** Sends an update of any shape, unrecorded: replays, and kinds that ACP does not know. */
  async deliver(update: SessionUpdate | UnknownUpdate): Promise<void> {
    await this.client.notify<unknown>(methods.client.session.update, { sessionId: this.record.id, update });
  }

  usage(): SessionUpdate {
    const { tokens } = this.record;
    return {
      sessionUpdate: "usage_update",
      used: Math.min(tokens, CONTEXT_TOKENS),
      size: CONTEXT_TOKENS,
      cost: { amount: Number((tokens * DOLLARS_PER_TOKEN).toFixed(6)), currency: "USD" },
    };
  }

  /** The next id of a kind: `msg_1`, `call_1`. */
  nextId(kind: "message" | "call"): string {
    this.record.counters[kind] += 1;
    return `${kind === "message" ? "msg" : "call"}_${this.record.counters[kind]}`;
  }

  /** Stores the session. Saves run one after another, as an option may change while a turn ends. */
  save(): Promise<void> {
    this.record.updated_at = this.host.now().toISOString();
    const save = (): Promise<void> => this.host.store.save(this.record);
    this.#saved = this.#saved.then(save, save);
    return this.#saved;
  }
}

function textLength(update: SessionUpdate): number {
  return "content" in update && update.content ? JSON.stringify(update.content).length : 0;
}
