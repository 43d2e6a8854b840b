import { setImmediate, setTimeout } from "node:timers/promises";
import type { SessionUpdate, ToolCall, ToolCallContent, ToolCallUpdate } from "@agentclientprotocol/sdk";
import { ToolFailure, TurnCancelled } from "./errors.ts";
import type { Session } from "./session.ts";

/** Updates between two `usage_update`s inside a turn. */
const USAGE_EVERY = 200;
/** Updates after which the turn lets the process read its input, or a flood could not be cancelled. */
const YIELD_EVERY = 16;

export type NewToolCall = Omit<ToolCall, "toolCallId" | "status">;
type ToolFields = Omit<ToolCallUpdate, "toolCallId">;

/**
 * One prompt to its end: what a word's script speaks through. Every method that sends or waits rejects once the turn
 * is cancelled, so a script simply stops there.
 */
export class Turn {
  readonly session: Session;
  /** The count of turns in the session, from 1. */
  readonly number: number;
  readonly #abort = new AbortController();
  readonly #openCalls = new Set<string>();
  /** Whether the client shows forms; else questions are asked in plain text. */
  readonly canAsk: boolean;
  #sent = 0;
  /** Set by the script that ends the process: its exit code, once the turn's reply is out. */
  exitCode: number | null = null;

  constructor(session: Session, canAsk: boolean) {
    this.session = session;
    this.canAsk = canAsk;
    session.record.counters.turn += 1;
    this.number = session.record.counters.turn;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  cancel(): void {
    this.#abort.abort(new TurnCancelled());
  }

  async send(update: SessionUpdate): Promise<void> {
    this.signal.throwIfAborted();
    await this.session.send(update);
    this.#sent += 1;
    if (this.#sent % YIELD_EVERY === 0) await setImmediate();
    if (this.#sent % USAGE_EVERY === 0) await this.session.send(this.session.usage());
  }

  /** Says something as one message, in as many deltas as given. */
  async say(...deltas: string[]): Promise<void> {
    await this.stream("agent_message_chunk", deltas);
  }

  /** Streams deltas of one message or thought, with a pause of `paceMs` between them. */
  async stream(
    kind: "agent_message_chunk" | "agent_thought_chunk",
    deltas: Iterable<string>,
    paceMs = 0,
  ): Promise<void> {
    const messageId = this.session.nextId("message");
    for (const text of deltas) {
      await this.send({ sessionUpdate: kind, messageId, content: { type: "text", text } });
      if (paceMs > 0) await this.pause(paceMs);
    }
  }

  /** Starts a tool call, `pending` until it is updated. */
  async startTool(call: NewToolCall): Promise<ToolRun> {
    const toolCallId = this.session.nextId("call");
    this.#openCalls.add(toolCallId);
    await this.send({ sessionUpdate: "tool_call", toolCallId, status: "pending", ...call });
    return new ToolRun(this, toolCallId, call);
  }

  async updateTool(toolCallId: string, fields: ToolFields): Promise<void> {
    if (fields.status === "completed" || fields.status === "failed") this.#openCalls.delete(toolCallId);
    await this.send({ sessionUpdate: "tool_call_update", toolCallId, ...fields });
  }

  /** Runs one tool call and says its outcome: a `ToolFailure` fails the call, not the turn. */
  async useTool(call: NewToolCall, work: (run: ToolRun) => Promise<string>): Promise<void> {
    const run = await this.startTool(call);
    try {
      await this.say(await work(run));
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error;
      await run.fail(error.message);
      await this.say(`${error.message}.`);
    }
  }

  async pause(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds, undefined, { signal: this.signal });
  }

  /** Waits for `work`, or rejects as soon as the turn is cancelled. */
  async untilCancelled<T>(work: Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const { signal } = this;
    let giveUp = (): void => {};
    const cancelled = new Promise<never>((_, reject) => {
      giveUp = () => reject(signal.reason);
      signal.addEventListener("abort", giveUp);
    });
    try {
      return await Promise.race([work, cancelled]);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Ends the turn on the wire: fails the tool calls left open and sends the usage. Works after a cancel too. */
  async settle(): Promise<void> {
    const rawOutput = { error: this.signal.aborted ? "cancelled" : "the turn ended" };
    for (const toolCallId of this.#openCalls) {
      await this.session.send({ sessionUpdate: "tool_call_update", toolCallId, status: "failed", rawOutput });
    }
    await this.session.send(this.session.usage());
  }
}

/** A tool call that was started, to be updated until it completes or fails. */
export class ToolRun {
  readonly id: string;
  readonly #turn: Turn;
  #call: ToolCallUpdate;

  constructor(turn: Turn, id: string, call: NewToolCall) {
    this.#turn = turn;
    this.id = id;
    this.#call = { toolCallId: id, ...call };
  }

  /** The call with all updates so far. */
  get call(): ToolCallUpdate {
    return this.#call;
  }

  async update(fields: ToolFields): Promise<void> {
    this.#call = { ...this.#call, ...fields };
    await this.#turn.updateTool(this.id, fields);
  }

  async complete(fields: ToolFields = {}): Promise<void> {
    await this.update({ ...fields, status: "completed" });
  }

  /** Fails the call; the reason follows what the call has shown so far. */
  async fail(reason: string): Promise<void> {
    await this.update({ status: "failed", content: [...(this.#call.content ?? []), ...textContent(reason)] });
  }
}

/** Text as a tool call's content. */
export function textContent(...texts: string[]): ToolCallContent[] {
  return texts.map((text) => ({ type: "content", content: { type: "text", text } }));
}
