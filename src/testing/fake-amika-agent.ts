/** What the scripted agent of the fake Amika does with a prompt: its first word. */
export type AgentTurn = {
  response: string;
  is_error: boolean;
  /** `now`: answered at once. `held`: when the test lets it. */
  pace: "now" | "held";
  /** What becomes of the connection: all other words than `answer` leave the client without one. */
  reply: "answer" | "cut" | "legacy_auth" | "junk" | "ceiling" | "error" | "error_then_done";
  /** Whether the transcript tells the turn in the end. */
  kept: boolean;
};

export const AUTH_FAILURE =
  'API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"Invalid authentication credentials"}}';

/**
 * `echo X` answers X; `hold X` answers X when it is released; `cut X` works on without the client and answers when it is
 * released; `vanish` cuts and never answers; `fail X` is the agent's own failure; `auth` and `auth-legacy` are a sign-in
 * that is refused, in both shapes; `junk X` answers with a web page; of the stream, `ceiling X` ends before `done`, and
 * `error X` and `both X` send `error`, the latter with `done` after it.
 */
export function agentTurn(message: string): AgentTurn {
  const [word = "", ...rest] = message.split(" ");
  const turn: AgentTurn = {
    response: rest.join(" "),
    is_error: false,
    pace: "now",
    reply: "answer",
    kept: true,
  };
  switch (word) {
    case "hold":
      return { ...turn, pace: "held" };
    case "cut":
      return { ...turn, pace: "held", reply: "cut" };
    case "vanish":
      return { ...turn, reply: "cut", kept: false };
    case "fail":
      return { ...turn, is_error: true };
    case "auth":
      return { ...turn, response: AUTH_FAILURE, is_error: true };
    case "auth-legacy":
      return { ...turn, response: AUTH_FAILURE, is_error: true, reply: "legacy_auth", kept: false };
    case "junk":
      return { ...turn, reply: "junk" };
    case "ceiling":
      return { ...turn, pace: "held", reply: "ceiling" };
    case "error":
      return { ...turn, reply: "error", kept: false };
    case "both":
      return { ...turn, reply: "error_then_done" };
    default:
      return turn;
  }
}
