import type { DomainEvent, EventData } from "#src/domain/event.ts";

/** A request that waits, as the running session knows it: the upstream's id leads to Sandbar's. */
export type OpenRequest = {
  id: string;
  upstream_id: string;
  kind: "permission" | "question";
  tool_name: string;
};

/** What a session is doing now; everything `absorb` needs to place an upstream event. */
export type LiveState = {
  readonly session_id: string;
  readonly turn: { turn_id: string; started_at: number } | null;
  readonly requests: readonly OpenRequest[];
};

/** What an upstream event comes to: events for the log and the state they lead to. */
export type Absorbed = {
  events: DomainEvent[];
  state: LiveState;
  opened: OpenRequest[];
  closed: { id: string; state: "answered" | "rejected" | "expired" | "auto_resolved" }[];
  turn: "unchanged" | "opened" | "ended";
};

export type Source = {
  newId: () => string;
  now: number;
  /** The event is history: how long a turn took then cannot be measured now. */
  past?: boolean | undefined;
};

/**
 * Places one adapter event in the session: gives requests their global ids, fills in turn ids, and holds the rule that
 * every turn ends in exactly one of `session_completed` and `session_failed` (design §4), with no request left open.
 */
export function absorb(state: LiveState, event: DomainEvent, source: Source): Absorbed {
  switch (event.event_type) {
    case "permission_request":
    case "user_input_request":
      return openRequest(state, event, source);
    case "permission_response":
    case "user_input_response":
      return closeRequest(state, event);
    case "user_message":
      return foreignPrompt(state, event.data, source);
    case "turn_started":
      return state.turn
        ? nothing(state)
        : openTurn(state, event.data.turn_id || source.newId(), null, source);
    case "session_completed":
    case "session_failed":
      return endTurn(state, event, source);
    default:
      return { ...nothing(state), events: [event] };
  }
}

/** Begins a turn for a prompt: the user's message, then the turn. */
export function beginTurn(
  state: LiveState,
  prompt: Omit<EventData["user_message"], "turn_id">,
  turn_id: string,
  source: Source,
): Absorbed {
  return openTurn(state, turn_id, prompt, source);
}

function nothing(state: LiveState): Absorbed {
  return { events: [], state, opened: [], closed: [], turn: "unchanged" };
}

function openTurn(
  state: LiveState,
  turn_id: string,
  prompt: Omit<EventData["user_message"], "turn_id"> | null,
  source: Source,
): Absorbed {
  const started: DomainEvent = {
    event_type: "turn_started",
    data: { turn_id, message_id: prompt?.message_id ?? null },
  };
  const message: DomainEvent[] = prompt ? [{ event_type: "user_message", data: { ...prompt, turn_id } }] : [];
  return {
    ...nothing(state),
    events: [...message, started],
    state: { ...state, turn: { turn_id, started_at: source.now } },
    turn: "opened",
  };
}

/** A prompt another client sent upstream: it opens a turn of its own unless one runs. */
function foreignPrompt(state: LiveState, data: EventData["user_message"], source: Source): Absorbed {
  if (state.turn) {
    const event: DomainEvent = { event_type: "user_message", data: { ...data, turn_id: state.turn.turn_id } };
    return { ...nothing(state), events: [event] };
  }
  const { turn_id, ...prompt } = data;
  return openTurn(state, turn_id || source.newId(), prompt, source);
}

function openRequest(
  state: LiveState,
  event: Extract<DomainEvent, { event_type: "permission_request" | "user_input_request" }>,
  source: Source,
): Absorbed {
  const upstream_id = event.data.request_id;
  if (state.requests.some((request) => request.upstream_id === upstream_id)) return nothing(state);
  const id = source.newId();
  const turn_id = state.turn?.turn_id ?? null;
  const opened: OpenRequest =
    event.event_type === "permission_request"
      ? { id, upstream_id, kind: "permission", tool_name: event.data.tool_name }
      : { id, upstream_id, kind: "question", tool_name: "" };
  const renamed: DomainEvent =
    event.event_type === "permission_request"
      ? { event_type: "permission_request", data: { ...event.data, request_id: id, turn_id } }
      : { event_type: "user_input_request", data: { ...event.data, request_id: id, turn_id } };
  return {
    ...nothing(state),
    events: [renamed],
    state: { ...state, requests: [...state.requests, opened] },
    opened: [opened],
  };
}

/** The upstream resolved a request itself. One that Sandbar answered is closed already and says nothing new. */
function closeRequest(
  state: LiveState,
  event: Extract<DomainEvent, { event_type: "permission_response" | "user_input_response" }>,
): Absorbed {
  const request = state.requests.find((open) => open.upstream_id === event.data.request_id);
  if (!request) return nothing(state);
  const renamed: DomainEvent =
    event.event_type === "permission_response"
      ? { event_type: "permission_response", data: { ...event.data, request_id: request.id } }
      : { event_type: "user_input_response", data: { ...event.data, request_id: request.id } };
  return {
    ...nothing(state),
    events: [renamed],
    state: { ...state, requests: state.requests.filter((open) => open !== request) },
    closed: [{ id: request.id, state: event.data.state }],
  };
}

function endTurn(
  state: LiveState,
  event: Extract<DomainEvent, { event_type: "session_completed" | "session_failed" }>,
  source: Source,
): Absorbed {
  if (!state.turn) {
    if (event.event_type === "session_completed") return nothing(state);
    const { error, code, stderr } = event.data;
    return {
      ...nothing(state),
      events: [{ event_type: "error", data: { code, message: error, details: stderr } }],
    };
  }
  const { turn_id, started_at } = state.turn;
  const own = { session_id: state.session_id, turn_id };
  const measured = source.past ? null : Math.max(0, source.now - started_at);
  const end: DomainEvent =
    event.event_type === "session_completed"
      ? {
          event_type: "session_completed",
          data: { ...event.data, ...own, duration_ms: event.data.duration_ms ?? measured },
        }
      : {
          event_type: "session_failed",
          data: { ...event.data, ...own, duration_ms: event.data.duration_ms ?? measured },
        };
  return {
    events: [...state.requests.map(expiry), end],
    state: { ...state, turn: null, requests: [] },
    opened: [],
    closed: state.requests.map(({ id }) => ({ id, state: "expired" })),
    turn: "ended",
  };
}

/** What the log says of a request whose turn is over. */
export function expiry(request: OpenRequest): DomainEvent {
  return request.kind === "permission"
    ? {
        event_type: "permission_response",
        data: {
          request_id: request.id,
          tool_name: request.tool_name,
          approved: false,
          reply: null,
          option_name: null,
          message: null,
          state: "expired",
          by: null,
        },
      }
    : {
        event_type: "user_input_response",
        data: { request_id: request.id, answers: null, state: "expired", by: null },
      };
}
