/** The mock agent of Sandbox Agent 0.1 as pure data: what each prompt makes it say (spec 6). */

export type Step = { type: string; data: unknown; synthetic?: boolean };
export type Script = { steps: Step[]; ends: boolean };

type Part = Record<string, unknown> & { type: string };
type ItemSpec = { native: string; kind?: string; role?: string; content: Part[]; status?: string };

const text = (value: string): Part => ({ type: "text", text: value });

function item({ native, kind = "message", role = "assistant", content, status = "completed" }: ItemSpec) {
  return { native_item_id: native, parent_id: null, kind, role, content, status };
}

const started = (spec: ItemSpec): Step => ({
  type: "item.started",
  data: { item: item({ ...spec, status: "in_progress" }) },
});
const completed = (spec: ItemSpec): Step => ({ type: "item.completed", data: { item: item(spec) } });
const delta = (native: string, value: string, synthetic = false): Step => ({
  type: "item.delta",
  data: { native_item_id: native, delta: value },
  synthetic,
});

/** A message: its text is told once more as a synthetic delta before its end, unless it has deltas of its own. */
function message(native: string, content: Part[]): Step[] {
  const whole = content.flatMap((part) => (part.type === "text" ? [String(part.text)] : [])).join("\n");
  const spec = { native, content };
  return [started(spec), ...(whole ? [delta(native, whole, true)] : []), completed(spec)];
}

export function userPair(native: string, value: string): Step[] {
  const spec = { native, role: "user", content: [text(value)] };
  return [started(spec), completed(spec)];
}

const HELP = [
  "Mock agent commands:",
  "- demo: everything",
  "- markdown: a document",
  "- tool: a tool call",
  "- permission: two permissions",
  "- question: two questions",
  "- error: an error",
  "- end: ends the session",
  "Other text is echoed.",
].join("\n");

export const MARKDOWN =
  "# Title\n\n## Part\n\n**bold**, *italic*, ~~struck~~\n\n1. one\n2. two\n\n```ts\nconst a = 1;\n```\n\n| a | b |\n| :- | -: |\n| 1 | 2 |\n";

function markdown(p: string): Step[] {
  const native = `${p}_markdown`;
  const size = Math.ceil(MARKDOWN.length / 8);
  const deltas = Array.from({ length: 8 }, (_, n) => delta(native, MARKDOWN.slice(n * size, (n + 1) * size)));
  return [
    started({ native, content: [text("Preparing…")] }),
    ...deltas,
    completed({ native, content: [text(MARKDOWN)] }),
  ];
}

function tool(p: string): Step[] {
  const call = {
    native: `${p}_tool_call`,
    kind: "tool_call",
    content: [
      { type: "tool_call", name: "mock.search", arguments: '{"query":"example"}', call_id: `${p}_call` },
    ],
  };
  const result = {
    native: `${p}_tool_result`,
    kind: "tool_result",
    role: "tool",
    status: "failed",
    content: [
      { type: "tool_result", call_id: `${p}_call`, output: "mock search results" },
      { type: "file_ref", path: `${p}/readme.md`, action: "read", diff: null },
      { type: "file_ref", path: `${p}/output.txt`, action: "write", diff: "+mock output\n" },
      { type: "file_ref", path: `${p}/patch.txt`, action: "patch", diff: "@@ -1,1 +1,1 @@\n-old\n+new\n" },
    ],
  };
  return [started(call), completed(call), started(result), completed(result)];
}

function status(p: string): Step[] {
  const spec = (detail: string): ItemSpec => ({
    native: `${p}_status`,
    kind: "status",
    role: "system",
    content: [{ type: "status", label: "Indexing", detail }],
  });
  return [started(spec("2 files")), completed(spec("Done"))];
}

function rich(p: string): Step[] {
  const native = `${p}_assistant_rich`;
  const content: Part[] = [
    text("Mock assistant response with rich content."),
    { type: "reasoning", text: "Public reasoning for display.", visibility: "public" },
    { type: "reasoning", text: "Private reasoning hidden by default.", visibility: "private" },
    { type: "json", json: { stage: "analysis", ok: true } },
  ];
  return [
    started({ native, content }),
    delta(native, "Mock assistant "),
    delta(native, "streaming delta."),
    completed({ native, content }),
  ];
}

const permissionStep = (id: string, action: string, metadata: unknown): Step => ({
  type: "permission.requested",
  data: { permission_id: id, action, status: "requested", metadata },
});

function permissions(p: string): Step[] {
  return [
    permissionStep(`${p}_permission`, "command_execution", {
      codexRequestKind: "commandExecution",
      command: "echo mock",
    }),
    permissionStep(`${p}_permission_denied`, "file_change", {
      codexRequestKind: "fileChange",
      path: `${p}/deny.txt`,
    }),
  ];
}

const questionStep = (id: string, prompt: string, options: string[]): Step => ({
  type: "question.requested",
  data: { question_id: id, prompt, options, response: null, status: "requested" },
});

function questions(p: string): Step[] {
  return [
    questionStep(`${p}_question`, "Choose a color", ["Red", "Blue"]),
    questionStep(`${p}_question_reject`, "Allow mock experiment?", ["Yes", "No"]),
  ];
}

const unparsedStep: Step = {
  type: "agent.unparsed",
  data: { error: "unsupported payload", location: "mock.stream", raw_hash: null },
  synthetic: true,
};
const errors: Step[] = [
  {
    type: "error",
    data: { message: "Mock error event.", code: "mock_error", details: { mock: true } },
    synthetic: true,
  },
  unparsedStep,
];

const unknown = (p: string): Step[] => {
  const spec = { native: `${p}_unknown`, kind: "unknown", content: [text("Mock unknown item.")] };
  return [started(spec), completed(spec)];
};
const image = (p: string): Step[] =>
  message(`${p}_image`, [
    text("Here is a mock image output."),
    { type: "image", path: `${p}/image.png`, mime: "image/png" },
  ]);
const system = (p: string): Step[] => {
  const spec = {
    native: `${p}_system`,
    kind: "system",
    role: "system",
    content: [text("Mock system note.")],
  };
  return [started(spec), completed(spec)];
};

const DEMO = [system, rich, status, markdown, tool, image, unknown, permissions, questions, () => errors];

function demo(p: string): Step[] {
  return DEMO.flatMap((block, n) => [
    ...message(`${p}_marker_${n + 1}`, [text(`Block ${n + 1}.`)]),
    ...block(p),
  ]);
}

/** What the mock does after the user's item; matched by the first word, else an echo. */
export function scriptOf(prompt: string, p: string): Script {
  const [first = "", ...rest] = prompt.trim().split(/\s+/);
  const done = (steps: Step[]): Script => ({ steps, ends: true });
  const open = (steps: Step[]): Script => ({ steps, ends: false });
  switch (first.toLowerCase()) {
    case "help":
      return done(message(`${p}_help`, [text(HELP)]));
    case "demo":
      return done(demo(p));
    case "markdown":
      return done(markdown(p));
    case "tool":
    case "tools":
      return done(tool(p));
    case "status":
      return done(status(p));
    case "rich":
      return done(rich(p));
    case "image":
      return done(image(p));
    case "unknown":
      return done(unknown(p));
    case "permission":
    case "permissions":
      return open(permissions(p));
    case "question":
    case "questions":
      return open(questions(p));
    case "error":
      return done(errors);
    case "unparsed":
      return done([unparsedStep]);
    case "end":
    case "ended":
      return open([
        { type: "session.ended", data: { reason: "completed", terminated_by: "agent" }, synthetic: true },
      ]);
    case "echo":
    case "say":
      return done(message(`${p}_echo`, [text(rest.join(" ") || "Say what to echo.")]));
    default:
      return done(message(`${p}_reply`, [text(prompt.trim())]));
  }
}
