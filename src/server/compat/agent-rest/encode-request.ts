import type { EventData } from "#src/domain/event.ts";
import type { EncodeMemory } from "./memory.ts";
import type { PermissionData, QuestionData, Told } from "./universal.ts";

export function encodePermission(data: EventData["permission_request"], memory: EncodeMemory): Told[] {
  if (memory.permissions.has(data.request_id)) return [];
  const { tool_use_id, title, directory, risk_level, diffs } = data;
  const told: PermissionData = {
    permission_id: data.request_id,
    action: data.tool_name,
    status: "requested",
    metadata: {
      toolName: data.tool_name,
      input: data.tool_input,
      ...(title === "" ? {} : { title }),
      ...(tool_use_id === null ? {} : { tool: { callID: tool_use_id } }),
      ...(directory === null ? {} : { directory }),
      ...(risk_level === null ? {} : { risk_level }),
      ...(diffs.length === 0 ? {} : { diffs }),
    },
  };
  memory.permissions.set(data.request_id, told);
  return [{ type: "permission.requested", data: told }];
}

/** The answer repeats what was asked (spec 3). */
export function encodePermissionAnswer(data: EventData["permission_response"], memory: EncodeMemory): Told[] {
  const asked = memory.permissions.get(data.request_id);
  memory.permissions.delete(data.request_id);
  const action = asked?.action ?? data.tool_name;
  const metadata = asked?.metadata ?? { toolName: data.tool_name };
  const status = statusOf(data);
  return [
    { type: "permission.resolved", data: { permission_id: data.request_id, action, status, metadata } },
  ];
}

/** A request that nobody answered was not allowed. */
function statusOf({ reply, approved }: EventData["permission_response"]): PermissionData["status"] {
  if (!approved || reply === "reject") return "reject";
  return reply === "always" ? "accept_for_session" : "accept";
}

/** The API holds one question with labels; several are told beside it. */
export function encodeQuestion(data: EventData["user_input_request"], memory: EncodeMemory): Told[] {
  if (memory.questions.has(data.request_id)) return [];
  const [first] = data.questions;
  const told: QuestionData = {
    question_id: data.request_id,
    // The title is the agent's sentence; the question of a form may be a mere label.
    prompt: data.title || (first?.question ?? ""),
    options: first?.options.map(({ label }) => label) ?? [],
    response: null,
    status: "requested",
    questions: data.questions,
  };
  memory.questions.set(data.request_id, told);
  return [{ type: "question.requested", data: told }];
}

export function encodeQuestionAnswer(data: EventData["user_input_response"], memory: EncodeMemory): Told[] {
  const asked = memory.questions.get(data.request_id);
  memory.questions.delete(data.request_id);
  const answered = data.state === "answered" && data.answers !== null;
  return [
    {
      type: "question.resolved",
      data: {
        question_id: data.request_id,
        prompt: asked?.prompt ?? "",
        options: asked?.options ?? [],
        response: answered ? (data.answers?.[0]?.[0] ?? null) : null,
        status: answered ? "answered" : "rejected",
        answers: data.answers,
      },
    },
  ];
}
