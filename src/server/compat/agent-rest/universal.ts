/** The universal events of Sandbox Agent REST 0.1 as this server tells them (spec 3). */

export type Part =
  | { type: "text"; text: string }
  | { type: "tool_call"; name: string; arguments: string; call_id: string }
  | { type: "tool_result"; call_id: string; output: string }
  | { type: "file_ref"; path: string; action: "read" | "write" | "patch"; diff: string | null }
  | { type: "reasoning"; text: string; visibility: "public" | "private" }
  | { type: "image"; path: string; mime: string | null }
  | { type: "status"; label: string; detail: string | null };

export type Item = {
  item_id: string;
  native_item_id: string | null;
  parent_id: string | null;
  kind: "message" | "tool_call" | "tool_result" | "system" | "status" | "unknown";
  role: "user" | "assistant" | "system" | "tool" | null;
  content: Part[];
  status: "in_progress" | "completed" | "failed";
};

type Turn = { turn_id?: string; metadata?: Record<string, unknown> };

export type PermissionData = {
  permission_id: string;
  action: string;
  status: "requested" | "accept" | "accept_for_session" | "reject";
  metadata: Record<string, unknown>;
};

export type QuestionData = {
  question_id: string;
  prompt: string;
  options: string[];
  response: string | null;
  status: "requested" | "answered" | "rejected";
  /** Beyond the original: all questions, where there are several, and all answers. */
  questions?: unknown;
  answers?: unknown;
};

/** What an event says, before it has its place in the session. */
export type Told =
  | { type: "session.started"; data: { metadata: Record<string, unknown> } }
  | {
      type: "session.ended";
      data: {
        reason: "completed" | "error" | "terminated";
        terminated_by: "agent" | "daemon";
        message?: string;
      };
    }
  | { type: "turn.started"; data: { phase: "started" } & Turn }
  | { type: "turn.ended"; data: { phase: "ended" } & Turn }
  | { type: "item.started" | "item.completed"; data: { item: Item } }
  | { type: "item.delta"; data: { item_id: string; native_item_id: string | null; delta: string } }
  | { type: "error"; data: { message: string; code: string | null; details: unknown } }
  | { type: "permission.requested" | "permission.resolved"; data: PermissionData }
  | { type: "question.requested" | "question.resolved"; data: QuestionData }
  | { type: "agent.unparsed"; data: { error: string; location: string; raw_hash: null } };

export type UniversalEvent = Told & {
  event_id: string;
  /** From 1 on, dense. */
  sequence: number;
  time: string;
  session_id: string;
  native_session_id: string | null;
  synthetic: boolean;
  source: "agent" | "daemon";
  raw: unknown;
};
