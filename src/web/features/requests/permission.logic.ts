import type { Permission, PermissionOption, Reply } from "#src/domain/request.ts";

/** One thing a person may answer to a permission: an option of the agent, or Sandbar's word where it offers none. */
export type PermissionAnswer = {
  reply: Reply;
  option_id: string | null;
  label: string;
  /** What will happen, in words. */
  effect: string;
};

export type PermissionAnswers = {
  once: PermissionAnswer | null;
  /** For good: each is a rule of the agent, so there may be several. */
  always: readonly PermissionAnswer[];
  reject: readonly PermissionAnswer[];
};

/** The answers a permission takes, from the agent's own options; without any, allow once and reject. */
export function answersOf(permission: Pick<Permission, "options" | "message_supported">): PermissionAnswers {
  const { options, message_supported } = permission;
  const once = options.find((option) => option.kind === "allow_once");
  const reject = options.filter((option) => option.kind === "reject_once" || option.kind === "reject_always");
  const rejects = reject.map((option) => rejectAnswer(option, message_supported));
  return {
    once: once || options.length === 0 ? onceAnswer(once) : null,
    always: options.filter((option) => option.kind === "allow_always").map(alwaysAnswer),
    reject: rejects.length > 0 ? rejects : [rejectAnswer(null, message_supported)],
  };
}

/** The keys that answer, as `KeyboardEvent.key` names them; a question is declined by none in a dialog. */
export type Bindings = { readonly once: string; readonly reject: string; readonly decline: string | null };

export const dialogBindings: Bindings = { once: "Enter", reject: "Backspace", decline: null };
/** Where many are answered in a row: no key that a person presses for something else. */
export const triageBindings: Bindings = { once: "y", reject: "n", decline: "n" };

/** What a key answers; null for every other key. */
export function answerForKey(
  answers: PermissionAnswers,
  key: string,
  bindings: Bindings,
): PermissionAnswer | null {
  if (key === bindings.once) return answers.once;
  if (key === bindings.reject) return answers.reject[0] ?? null;
  return null;
}

function onceAnswer(option: PermissionOption | undefined): PermissionAnswer {
  return {
    reply: "once",
    option_id: option?.id ?? null,
    label: "Allow once",
    effect: "Runs this one call. The next one asks again.",
  };
}

function alwaysAnswer(option: PermissionOption): PermissionAnswer {
  return {
    reply: "always",
    option_id: option.id,
    label: option.name,
    effect: `Runs it and stops asking: the agent keeps the rule “${option.name}”.`,
  };
}

function rejectAnswer(option: PermissionOption | null, message: boolean): PermissionAnswer {
  const told = message
    ? "The agent is told, with your message, and goes on."
    : "The agent is told and goes on.";
  const forGood = option?.kind === "reject_always";
  return {
    reply: "reject",
    option_id: option?.id ?? null,
    label: forGood ? option.name : "Reject",
    effect: forGood ? `Does not run, now or later: “${option.name}”.` : `Does not run. ${told}`,
  };
}
