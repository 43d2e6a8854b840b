import type { DomainEvent } from "#src/domain/event.ts";
import { failureOfText, type TurnFailure } from "./errors.ts";
import type { Message } from "./map-session.ts";
import type { Answer } from "./wire.ts";

/** The text block of the message at a place of the transcript: the same after a restart. */
export function blockAt(index: number): string {
  return `message-${index}`;
}

/** The end of a turn that answered: its text, what it cost, and the end itself last. */
export function answerEvents(
  answer: Answer,
  { index, streamed, agent }: { index: number; streamed: string; agent: string },
): DomainEvent[] {
  const { response, is_error, usage } = answer;
  const cost = answer.cost_usd ?? usage?.cost_usd ?? null;
  const texts = is_error ? [streamed] : textsOf(streamed, response);
  return [
    ...texts.filter((text) => text !== "").map((text, place) => textEvent(text, index, place)),
    ...usageEvents(answer, cost),
    is_error
      ? failedEvent(failureOfText(response, agent), usage?.duration_ms ?? null)
      : completedEvent(cost, usage?.duration_ms ?? null),
  ];
}

/**
 * The texts to keep of what was streamed and the final answer. The answer may be all of the text or only its last part;
 * where neither holds the other, both are kept.
 */
export function textsOf(streamed: string, response: string): string[] {
  if (response.startsWith(streamed)) return [response];
  return streamed.includes(response.trim()) ? [streamed] : [streamed, response];
}

function textEvent(text: string, index: number, place: number): DomainEvent {
  const block_id = place === 0 ? blockAt(index) : `${blockAt(index)}-${place}`;
  return { event_type: "text_complete", data: { text, block_id } };
}

function usageEvents({ usage }: Answer, cost: number | null): DomainEvent[] {
  const cached = usage ? (usage.cache_read_tokens ?? null) : null;
  const told = {
    ...(typeof usage?.input_tokens === "number" && { input_tokens: usage.input_tokens }),
    ...(typeof usage?.output_tokens === "number" && { output_tokens: usage.output_tokens }),
    ...(cached !== null && { cached_tokens: cached }),
    ...(cost !== null && { cost: { amount: cost, currency: "USD" } }),
  };
  return Object.keys(told).length === 0 ? [] : [{ event_type: "usage_updated", data: told }];
}

function completedEvent(cost_usd: number | null, duration_ms: number | null): DomainEvent {
  return {
    event_type: "session_completed",
    data: { session_id: "", turn_id: null, stop_reason: "end_turn", duration_ms, cost_usd },
  };
}

export function failedEvent({ error, code }: TurnFailure, duration_ms: number | null = null): DomainEvent {
  return {
    event_type: "session_failed",
    data: { session_id: "", turn_id: null, error, code, stderr: null, duration_ms },
  };
}

type ToldMessage = { events: DomainEvent[]; raw: unknown };

/**
 * Messages that another client or an earlier time left in the transcript, from place `first` on. A turn ends before the
 * next prompt and after the last answer; one whose prompt is the last message is still open. Without `ends`, the turn
 * that runs here is left alone.
 */
export function historyEvents(
  messages: readonly Message[],
  { first, agent, ends }: { first: number; agent: string; ends: boolean },
): ToldMessage[] {
  return messages.map((message, offset) => {
    const next = messages[offset + 1];
    const isEnd = ends && message.role !== "user" && (next === undefined || next.role === "user");
    return {
      events: [
        messageEvent(message, first + offset),
        ...(isEnd
          ? [message.is_error ? failedEvent(failureOfText(message.text, agent)) : completedEvent(null, null)]
          : []),
      ],
      raw: message.raw,
    };
  });
}

function messageEvent({ role, text }: Message, index: number): DomainEvent {
  switch (role) {
    case "user":
      return {
        event_type: "user_message",
        data: {
          message_id: blockAt(index),
          content: [{ type: "text", text }],
          turn_id: null,
          author: null,
        },
      };
    case "assistant":
      return { event_type: "text_complete", data: { text, block_id: blockAt(index) } };
    default:
      return { event_type: "log_line", data: { line: text, stream: role } };
  }
}

/** A turn whose connection is gone, as far as finding its answer goes. */
type SoughtTurn = {
  /** Messages before its prompt. */
  baseline: number;
  /** Its prompt, when it is still known. */
  prompt: string | null;
};

/**
 * The answer to a prompt that is in the transcript, and where it ends; null as long as it is not. The transcript is
 * written at the end of a turn (spec 1.4), so an answer that is there is whole.
 */
export function findAnswer(
  messages: readonly Message[],
  { baseline, prompt }: SoughtTurn,
): { answer: Answer; end: number; raw: unknown } | null {
  const prompts = messages.flatMap(({ role, text }, index) =>
    role === "user" && index >= baseline ? [{ text, index }] : [],
  );
  const own = prompts.find(({ text }) => prompt === null || isSame(text, prompt));
  // A transcript without prompts holds answers alone.
  if (!own && prompts.length > 0) return null;
  const start = own ? own.index + 1 : baseline;
  const end = prompts.find(({ index }) => index >= start)?.index ?? messages.length;
  const said = messages.slice(start, end).filter(({ role }) => role === "assistant");
  const last = said.at(-1);
  if (!last) return null;
  const response = said.map(({ text }) => text).join("\n\n");
  return { answer: { response, is_error: last.is_error }, end, raw: said.map(({ raw }) => raw) };
}

/** Whether a transcript's message is a prompt that was sent; it may be wrapped or cut short there. */
export function isSame(kept: string, sent: string): boolean {
  return kept.includes(sent.trim()) || sent.includes(kept.trim());
}
