import type { DomainEvent } from "#src/domain/event.ts";
import type { PermissionOption, PermissionOptionKind } from "#src/domain/request.ts";
import { PermissionOptionKind as OptionKinds } from "#src/domain/request.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import type { PermissionAnswer } from "#src/backends/backend.ts";
import { startForPermission, type ToolMemory } from "./map-tool.ts";
import { diffsIn } from "./start-line.ts";
import type { PermissionParams } from "./wire.ts";

/** An agent's question before it acts, preceded by the start of its tool when none came yet. */
export function mapPermission(
  params: PermissionParams,
  request_id: string,
  memory: ToolMemory,
  session_directory: string | null,
): DomainEvent[] {
  const { toolCall } = params;
  const start = startForPermission(toolCall, memory);
  const tool = memory.get(toolCall.toolCallId);
  return [
    ...start,
    {
      event_type: "permission_request",
      data: {
        request_id,
        turn_id: null,
        tool_use_id: toolCall.toolCallId,
        tool_name: tool?.name ?? "tool",
        title: toolCall.title ?? tool?.title ?? "",
        tool_input: toolCall.rawInput ?? tool?.input ?? null,
        risk_level: null,
        directory: tool?.directory ?? session_directory,
        diffs: diffsIn(toolCall),
        options: permissionOptions(params),
        message_supported: false,
        expires_at: null,
      },
    },
  ];
}

export function permissionOptions(params: PermissionParams): PermissionOption[] {
  return params.options.map(({ optionId, name, kind }) => ({
    id: optionId,
    name,
    kind: optionKind(kind, optionId),
  }));
}

function optionKind(kind: string | null | undefined, optionId: string): PermissionOptionKind {
  const known = OptionKinds.safeParse(kind).data;
  return (
    known ??
    (/reject|deny|abort|cancel|^no/i.test(`${kind ?? ""} ${optionId}`) ? "reject_once" : "allow_once")
  );
}

export type PermissionOutcome = { outcome: "selected"; optionId: string } | { outcome: "cancelled" };

/**
 * The agent's own option for a person's answer: the one they picked, else by kind. An answer never allows more than
 * was said: `once` is not turned into `always`.
 * @throws BackendError `invalid_request` when the agent offers nothing of the kind
 */
export function chooseOption(
  options: readonly PermissionOption[],
  answer: PermissionAnswer,
): PermissionOutcome {
  const pick = (kind: PermissionOptionKind): PermissionOption | undefined =>
    options.find((option) => option.kind === kind);
  if (answer.option_id !== null) {
    const named = options.find(({ id }) => id === answer.option_id);
    if (!named) throw invalid(`The agent offers no option "${answer.option_id}".`);
    return { outcome: "selected", optionId: named.id };
  }
  switch (answer.reply) {
    case "reject": {
      const option = pick("reject_once");
      return option ? { outcome: "selected", optionId: option.id } : { outcome: "cancelled" };
    }
    case "always":
    case "once": {
      const option = (answer.reply === "always" ? pick("allow_always") : undefined) ?? pick("allow_once");
      if (!option)
        throw invalid(`The agent offers no way to allow this ${answer.reply}. Pick one of its own options.`);
      return { outcome: "selected", optionId: option.id };
    }
    default:
      return answer.reply satisfies never;
  }
}

function invalid(message: string): BackendError {
  return new BackendError("invalid_request", message);
}
