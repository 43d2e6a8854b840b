/** True for a Node system error of the given code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** A tool could not or may not do its work. The turn goes on; the message is for the user. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}

/** The reason of every abort that `session/cancel` or `session/close` causes. */
export class TurnCancelled extends Error {
  override readonly name = "TurnCancelled";

  constructor() {
    super("the turn was cancelled");
  }
}
