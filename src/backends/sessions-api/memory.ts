import type { WireMessage } from "./wire.ts";

/** Which server speaks: Sandbar's own API is a superset that needs no guessing. */
export type Flavour = "sandbar" | "plain";

/** The turn that runs. */
export type TurnMemory = {
  /** The prompt that this client sent; null for another client's turn. */
  prompt: string | null;
  /** The upstream's copy of the prompt was seen. */
  prompt_seen: boolean;
  /** Something of the agent was shown. */
  shown: boolean;
  /** All text of the turn, and its part since something else came between. */
  text: string;
  segment: string;
  stop_reason: string | null;
  interrupted: boolean;
  /** An error that nothing followed. */
  error: { message: string; code: string | null } | null;
  /** Something hints that it is over, so its state is asked for soon; `sure`: and the stream has no more to say of it. */
  ending: "likely" | "sure" | null;
  /** The upstream says that nothing runs, and the stream was opened again to hear the rest. */
  over: boolean;
  /** What the POST of the prompt returned as the agent's answer. */
  answer: WireMessage | null;
};

/** What the mapping of a session remembers; it reads and advances it. */
export type SessionMemory = {
  readonly session_ref: string;
  readonly flavour: Flavour;
  turn: TurnMemory | null;
  /** Calls that run, oldest first: some events name no call, or only its tool. */
  calls: Map<string, string>;
  /** Prompts of other clients that the server has queued. */
  queued: { id: string; text: string }[];
};

export function createMemory(session_ref: string, flavour: Flavour): SessionMemory {
  return { session_ref, flavour, turn: null, calls: new Map(), queued: [] };
}

/** Opens a turn; `prompt` is null when another client began it. */
export function openTurn(memory: SessionMemory, prompt: string | null): TurnMemory {
  memory.calls.clear();
  memory.turn = {
    prompt,
    prompt_seen: false,
    shown: false,
    text: "",
    segment: "",
    stop_reason: null,
    interrupted: false,
    error: null,
    ending: null,
    over: false,
    answer: null,
  };
  return memory.turn;
}
