/** What the fake Sessions API's agent does for a prompt, in the shapes of each kind of server (spec 4, 7). */

export type ApiStyle = "source" | "doc" | "sandbar";
export type Step =
  | { type: string; data: Record<string, unknown> }
  /** A request: what follows waits for its answer. */
  | { ask: "permission" | "question"; type: string; data: Record<string, unknown> }
  /** Nothing more until someone interrupts. */
  | { wait: true };
export type Script = { steps: Step[]; /** Whether an event tells the end. */ ends: boolean; said: string };

const delta = (text: string): Step => ({ type: "text_delta", data: { text } });

const said = (text: string): Script => {
  const half = Math.ceil(text.length / 2);
  return { steps: [delta(text.slice(0, half)), delta(text.slice(half))], ends: true, said: text };
};

const toolStart = (style: ApiStyle): Step[] =>
  style === "source"
    ? [
        { type: "tool_use_start", data: { id: "call_1", name: "Bash", input: {}, streaming: true } },
        { type: "tool_input_delta", data: { partial_json: '{"command":', index: 1 } },
        { type: "tool_input_delta", data: { partial_json: '"ls"}', index: 1 } },
      ]
    : [{ type: "tool_use_start", data: { id: "call_1", name: "Bash", input: { command: "ls" } } }];

const toolEnd = (style: ApiStyle): Step[] => [
  { type: "tool_result", data: { tool_use_id: "call_1", content: "a.ts", is_error: false } },
  ...(style === "doc" ? [{ type: "tool_use_complete", data: { id: "call_1" } }] : []),
];

const extras: Record<ApiStyle, Step[]> = {
  source: [
    { type: "log_line", data: { line: '{"type":"assistant"}', stream: "stdout" } },
    { type: "log_line", data: { line: "warning: slow", stream: "stderr" } },
    { type: "connected", data: { session_id: "agent-1", model: "m", tools: [], cwd: "/" } },
    { type: "thinking_delta", data: { text: "Hm" } },
    { type: "subagent_start", data: { id: "sub_1", name: "Task", input: { prompt: "p" } } },
    { type: "file_changed", data: { tool_name: "Bash", file_path: "/a.ts", action: "edited" } },
    { type: "tool_progress", data: { hook: "PostToolUse", tool_name: "Task", completed: true } },
  ],
  doc: [{ type: "error", data: { code: "slow", message: "Slow down" } }],
  sandbar: [
    { type: "tool_update", data: { id: "call_1", output_delta: "a" } },
    { type: "plan_updated", data: { entries: [{ content: "one", priority: "high", status: "pending" }] } },
    { type: "usage_updated", data: { used: 10, size: 100 } },
  ],
};

function permission(style: ApiStyle): Step {
  const plain = { tool_name: "Bash", tool_input: { command: "ls" }, risk_level: "high" };
  const options = [{ id: "yes", kind: "allow_once", name: "Yes" }];
  const data = style === "sandbar" ? { ...plain, options, message_supported: true } : plain;
  return { ask: "permission", type: "permission_request", data };
}

function question(style: ApiStyle): Step {
  const options = [{ label: "Red" }, { label: "Blue", description: "cold" }];
  const plain = { question: "Choose a color", header: "Color", multiSelect: false, options };
  const rich = {
    id: "q",
    question: "Choose a color",
    kind: "single",
    options: options.map(({ label }) => ({ value: label, label })),
  };
  const questions = [style === "sandbar" ? rich : plain];
  return { ask: "question", type: "user_input_request", data: { tool_use_id: null, questions } };
}

export function scriptOf(prompt: string, style: ApiStyle): Script {
  const [first = "", ...rest] = prompt.trim().split(/\s+/);
  switch (first.toLowerCase()) {
    case "echo":
      return said(rest.join(" "));
    case "rich":
      return {
        steps: [delta("Look. "), ...toolStart(style), ...extras[style], ...toolEnd(style), delta("Done.")],
        ends: true,
        said: "Done.",
      };
    case "permission":
      return {
        steps: [...toolStart(style), permission(style), ...toolEnd(style), delta("Ran.")],
        ends: true,
        said: "Ran.",
      };
    case "question":
      return { steps: [question(style), delta("Thanks.")], ends: true, said: "Thanks." };
    case "wait":
      return { steps: [delta("Working"), { wait: true }], ends: true, said: "" };
    case "crash":
      return { steps: [delta("Oh")], ends: false, said: "Oh" };
    case "mute":
      return { steps: [], ends: false, said: "Said only in the answer." };
    case "broken":
      return {
        steps: [{ type: "error", data: { message: "The agent failed to start." } }],
        ends: false,
        said: "",
      };
    default:
      return said(prompt.trim());
  }
}
