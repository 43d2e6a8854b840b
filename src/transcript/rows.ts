import type { ContentBlock } from "#src/domain/content.ts";
import type {
  Envelope,
  EventData,
  PlanEntry,
  ToolKind,
  ToolLocation,
  ToolStatus,
  Usage,
} from "#src/domain/event.ts";
import type { AgentCommand, SessionOption } from "#src/domain/agent.ts";
import type { Diff } from "#src/domain/request.ts";
import type { QueuedMessage } from "#src/domain/session.ts";

/** What every row carries: where it stands in the log and in the turn. */
type RowBase = {
  /** Unique in the session and stable for ever: the id of the event that opened the row, with a kind prefix. */
  key: string;
  turn_id: string | null;
  /** Ids of the first and the newest event folded into this row. */
  first_event_id: string;
  last_event_id: string;
  /** When the first event was stored. */
  at: string;
};

/** A permission and its answer, as it stands on the card of the tool that needed it. */
export type PermissionState = {
  request: EventData["permission_request"];
  requested_at: string;
  response: EventData["permission_response"] | null;
  responded_at: string | null;
};

export type QuestionState = {
  request: EventData["user_input_request"];
  requested_at: string;
  response: EventData["user_input_response"] | null;
  responded_at: string | null;
};

/** A tool call, merged from its start, its updates and its result. */
export type ToolCall = {
  id: string;
  name: string;
  title: string;
  kind: ToolKind;
  status: ToolStatus;
  input: unknown;
  /** Text of input that still streams as partial JSON; null when the input is whole. */
  input_json: string | null;
  output: string;
  raw_output: unknown;
  exit_code: number | null;
  directory: string | null;
  locations: ToolLocation[];
  diffs: Diff[];
  content: ContentBlock[];
  parent_id: string | null;
  progress: string | null;
  ended_at: string | null;
  permissions: PermissionState[];
};

/** What a row shows, by kind. */
export type RowBody =
  | { kind: "user"; message_id: string; content: ContentBlock[]; author: string | null }
  | {
      kind: "text";
      block_id: string | null;
      text: string;
      /** More text may still stream into it. */
      open: boolean;
      /** A `text_complete` gave its whole text; a block that a tool call cut off never gets here. */
      complete: boolean;
    }
  | { kind: "thinking"; block_id: string | null; text: string; open: boolean; ended_at: string | null }
  | { kind: "content"; content: ContentBlock[] }
  | { kind: "tool"; tool: ToolCall }
  | { kind: "permission"; permission: PermissionState }
  | { kind: "question"; question: QuestionState }
  | { kind: "error"; message: string; code: string | null; details: unknown }
  | { kind: "notice"; text: string }
  | {
      kind: "log";
      lines: { line: string; stream: string }[];
      /** How many older lines were cut to keep the newest `LOG_LINES`. */
      cut: number;
    }
  | { kind: "unparsed"; error: string; location: string | null; raw: unknown }
  | {
      kind: "turn_end";
      outcome: "completed" | "failed";
      stop_reason: string | null;
      error: string | null;
      code: string | null;
      stderr: string | null;
      duration_ms: number | null;
      /** How much of it waited for people's answers, ms. */
      waited_ms: number;
      cost_usd: number | null;
    };

export type Row = RowBase & RowBody;
export type RowKind = Row["kind"];
export type RowOf<K extends RowKind> = Extract<Row, { kind: K }>;

/** The turn that runs now. */
export type OpenTurn = {
  turn_id: string;
  started_at: string;
  stopping: boolean;
  /** For how long it waited for people until `asked_at`, ms: while at least one request had no answer. */
  waited_ms: number;
  /** Since when it waits for somebody now. */
  asked_at: string | null;
};

/** Everything about a session that is not a row: the panel, the docks, the header. */
export type SessionView = {
  turn: OpenTurn | null;
  /** The turn that ended last, so that its end can be told only once. */
  ended_turn_id: string | null;
  plan: PlanEntry[];
  usage: Usage | null;
  commands: AgentCommand[];
  options: SessionOption[];
  queue: QueuedMessage[];
  title: string | null;
};

/** A row by the `first_event_id` it has, and the tool call or request in it. */
export type RowRef = { id: string; row: string };

/**
 * The rows that later events may still change, however far up they stand: the block that streams, the tool calls
 * that run, the requests that wait. An event that names anything else finds it in the last `LOOK_BACK` rows or not
 * at all, so a page plus this list decides every event as the whole transcript would.
 */
export type LiveRows = {
  block: { row: string; kind: "text" | "thinking"; block_id: string | null } | null;
  tools: readonly RowRef[];
  requests: readonly RowRef[];
};

/** An event for a row that is not loaded yet; `prependPage` applies it when the row comes. */
export type DeferredEvent = { row: string; envelope: Envelope };

/** The fold's whole state. `cursor` is the id of the last event folded; older ones change nothing. */
export type TranscriptState = {
  rows: readonly Row[];
  view: SessionView;
  cursor: string;
  /** Rows before the first one exist and are not loaded. */
  partial: boolean;
  live: LiveRows;
  /** Empty unless `partial`. */
  deferred: readonly DeferredEvent[];
};

/** `GET /sessions/{sid}/transcript`: newest page first, with the cursor it is true at. */
export type TranscriptPage = {
  rows: Row[];
  /** Pass as `before` for the next older page; null at the start of the session. */
  next_before: string | null;
  cursor: string;
  view: SessionView;
  live: LiveRows;
  total_rows: number;
};

/** One turn of a session, for the outline: where it begins and how it went. */
export type OutlineTurn = {
  /** The row to jump to: the prompt, or the first row of a turn without one. */
  key: string;
  turn_id: string | null;
  /** The first line of the prompt with something on it; null when there is none among the rows. */
  prompt: string | null;
  at: string;
  outcome: "running" | "completed" | "failed";
  stop_reason: string | null;
  /** Permissions and questions, and how many of them still wait. */
  requests: number;
  pending: number;
  /** Failed tool calls, errors, and the turn's own failure. */
  failures: number;
  /** The rows of both, to step between. */
  troubles: string[];
};

/** A file that tools changed, from the first edit to the last. */
export type ChangedFile = {
  path: string;
  /**
   * What changed, in the order of the edits; those that go on where an earlier one ended are one with it. Null when that
   * is too long to be kept, and `added` and `removed` are the sums of the edits.
   */
  diffs: Diff[] | null;
  added: number;
  removed: number;
  edits: number;
  /** The row of the last change. */
  row_key: string;
};
