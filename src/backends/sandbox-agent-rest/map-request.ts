import * as z from "zod";
import type { DomainEvent, EventData } from "#src/domain/event.ts";
import { Diff, type PermissionOption, Question, type Reply } from "#src/domain/request.ts";
import type { SessionMemory } from "./memory.ts";
import type { PermissionData, QuestionData } from "./wire.ts";

const text = z.string().optional().catch(undefined);

/** What agents put beside a permission (spec 3): each fills in its own few. */
const Metadata = z.looseObject({
  toolName: text,
  tool_name: text,
  itemId: text,
  reason: text,
  title: text,
  tool: z.looseObject({ callID: text }).optional().catch(undefined),
  // Sandbar's own server adds these.
  directory: text,
  risk_level: z.enum(["low", "medium", "high"]).optional().catch(undefined),
  diffs: z.array(Diff).optional().catch(undefined),
});
type Metadata = z.infer<typeof Metadata>;

/** The three replies of the API; their ids are its words. */
export const permissionOptions: PermissionOption[] = [
  { id: "once", kind: "allow_once", name: "Allow once" },
  { id: "always", kind: "allow_always", name: "Always allow" },
  { id: "reject", kind: "reject_once", name: "Reject" },
];

/**
 * A permission is held back until the next event: one that an earlier "always" covers is resolved by it at once, and
 * must not flash a dialog.
 */
export function holdPermission(data: PermissionData, memory: SessionMemory): void {
  if (memory.asked.has(data.permission_id)) return;
  memory.asked.add(data.permission_id);
  memory.waiting.add(data.permission_id);
  if (memory.turn) memory.turn.asked = true;
  memory.held = { permission_id: data.permission_id, events: [requestOf(data, memory)] };
}

/** Lets a held permission go, to be shown. */
export function releaseHeld(memory: SessionMemory): DomainEvent[] {
  const events = memory.held?.events ?? [];
  memory.held = null;
  return events;
}

/**
 * A permission that is decided. One that nobody saw, as it was held or never asked (Codex with `acceptEdits`), is told
 * together with its request, so that history keeps it.
 */
export function resolvePermission(data: PermissionData, memory: SessionMemory): DomainEvent[] {
  const { permission_id } = data;
  const unseen = memory.held?.permission_id === permission_id || !memory.asked.has(permission_id);
  const request = memory.asked.has(permission_id) ? releaseHeld(memory) : [requestOf(data, memory)];
  memory.asked.add(permission_id);
  memory.waiting.delete(permission_id);
  if (unseen && memory.turn) memory.turn.asked = memory.waiting.size > 0;
  const reply = replyOf(data.status);
  const response: EventData["permission_response"] = {
    request_id: permission_id,
    tool_name: toolNameOf(data),
    approved: reply !== "reject",
    reply,
    option_name: permissionOptions.find(({ id }) => id === reply)?.name ?? null,
    message: null,
    state: unseen ? "auto_resolved" : "answered",
    by: null,
  };
  return [...(unseen ? request : []), { event_type: "permission_response", data: response }];
}

/** Both vocabularies: 0.1.8 renamed the statuses. A word that nobody knows counts as a refusal. */
function replyOf(status: string): Reply {
  if (status === "accept" || status === "approved") return "once";
  return status === "accept_for_session" ? "always" : "reject";
}

function requestOf(data: PermissionData, memory: SessionMemory): DomainEvent {
  const metadata = metadataOf(data);
  return {
    event_type: "permission_request",
    data: {
      request_id: data.permission_id,
      turn_id: null,
      tool_use_id: metadata.tool?.callID ?? memory.native_calls.get(metadata.itemId ?? "") ?? null,
      tool_name: toolNameOf(data),
      title: metadata.title ?? metadata.reason ?? "",
      tool_input: inputOf(data),
      risk_level: metadata.risk_level ?? null,
      directory: metadata.directory ?? null,
      diffs: metadata.diffs ?? [],
      options: permissionOptions,
      message_supported: false,
      expires_at: null,
    },
  };
}

function toolNameOf(data: PermissionData): string {
  const { toolName, tool_name } = metadataOf(data);
  return toolName ?? tool_name ?? data.action;
}

/** Words of Codex that only route the reply. */
const ROUTING = new Set(["codexRequestKind", "codexRequestId", "threadId", "turnId", "itemId"]);

/** What will be done. */
function inputOf({ metadata }: PermissionData): unknown {
  if (typeof metadata !== "object" || metadata === null) return metadata;
  if ("input" in metadata) return metadata.input;
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !ROUTING.has(key)));
}

function metadataOf({ metadata }: PermissionData): Metadata {
  return Metadata.safeParse(metadata).data ?? {};
}

export function mapQuestion(data: QuestionData, memory: SessionMemory): DomainEvent[] {
  const { question_id } = data;
  if (memory.asked.has(question_id)) return [];
  memory.asked.add(question_id);
  memory.waiting.add(question_id);
  if (memory.turn) memory.turn.asked = true;
  return [
    {
      event_type: "user_input_request",
      data: {
        request_id: question_id,
        turn_id: null,
        tool_use_id: null,
        title: "",
        questions: Whole.safeParse(data.questions).data ?? [questionOf(data)],
        expires_at: null,
      },
    },
  ];
}

/** All that survives of a question on an older server (spec 3); answers are not checked against its labels. */
function questionOf({ question_id, prompt, options }: QuestionData): Question {
  return {
    id: question_id,
    header: null,
    question: prompt,
    kind: options.length > 0 ? "single" : "text",
    options: options.map((label) => ({ value: label, label, description: null })),
    allow_other: true,
    required: false,
  };
}

/** Sandbar's own server sends the questions and their answers whole beside the API's fields. */
const Whole = z.array(Question).min(1);
const Answers = z.array(z.array(z.string()));

export function resolveQuestion(data: QuestionData, memory: SessionMemory): DomainEvent[] {
  memory.waiting.delete(data.question_id);
  const answered = data.status === "answered";
  const first = typeof data.response === "string" ? [data.response] : [];
  const answers = answered ? (Answers.safeParse(data.answers).data ?? [first]) : null;
  const state = answered ? "answered" : "rejected";
  return [
    { event_type: "user_input_response", data: { request_id: data.question_id, answers, state, by: null } },
  ];
}
