import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PermissionAnswer } from "#src/backends/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { PermissionOption } from "#src/domain/request.ts";
import { cursorAt, parseCursor } from "./cursor.ts";
import { createMemory, mapUpdate } from "./map.ts";
import { contentFromWire, promptToWire } from "./map-content.ts";
import { answersToContent, mapElicitation } from "./map-elicitation.ts";
import { findOption, optionsFromWire, withValue } from "./map-options.ts";
import { chooseOption } from "./map-permission.ts";
import { readOutput, withoutFence } from "./tool-output.ts";
import { ElicitationParams, WireSession } from "./wire.ts";

const option = (kind: PermissionOption["kind"]): PermissionOption => ({ id: `id-${kind}`, kind, name: kind });
const by = (reply: PermissionAnswer["reply"], option_id: string | null = null): PermissionAnswer => ({
  reply,
  option_id,
  message: null,
});

test.each<[PermissionAnswer, PermissionOption["kind"][], string]>([
  [by("once"), ["allow_always", "allow_once", "reject_once"], "id-allow_once"],
  [by("always"), ["allow_once", "allow_always"], "id-allow_always"],
  [by("always"), ["allow_once", "reject_once"], "id-allow_once"],
  [by("reject"), ["allow_once", "reject_once"], "id-reject_once"],
  [by("reject"), ["allow_once"], "cancelled"],
  [by("once", "id-reject_always"), ["allow_once", "reject_always"], "id-reject_always"],
])("the answer %j to %j picks %s", (answer, kinds, expected) => {
  const outcome = chooseOption(kinds.map(option), answer);
  expect(outcome.outcome === "selected" ? outcome.optionId : outcome.outcome).toBe(expected);
});

test.each([
  [by("once"), [option("allow_always"), option("reject_once")]],
  [by("once", "gone"), [option("allow_once")]],
])("the answer %j allows nothing that was not offered", (answer, options) => {
  expect(() => chooseOption(options, answer)).toThrow(expect.objectContaining({ code: "invalid_request" }));
});

const form = ElicitationParams.parse({
  sessionId: "s",
  mode: "form",
  message: "Before I start",
  requestedSchema: {
    properties: {
      color: {
        type: "string",
        title: "Color",
        oneOf: [
          { const: "r", title: "Red" },
          { const: "b", title: "Blue" },
        ],
      },
      size: { type: "string", enum: ["S", "M"] },
      parts: {
        type: "array",
        description: "Which parts?",
        title: "Parts",
        items: { anyOf: [{ const: "a", title: "A part" }] },
      },
      tags: { type: "array", items: { type: "string", enum: ["x", "y"] } },
      copies: { type: "integer" },
      ratio: { type: "number" },
      notify: { type: "boolean" },
      note: { type: "string" },
      odd: { type: "_custom" },
    },
    required: ["color", "copies"],
  },
});

test("a form becomes one question for each field it can show", () => {
  const event = mapElicitation(form, "r1");
  expect(event?.data).toMatchObject({
    request_id: "r1",
    title: "Before I start",
    questions: [
      {
        id: "color",
        kind: "single",
        header: null,
        question: "Color",
        required: true,
        options: [
          { value: "r", label: "Red" },
          { value: "b", label: "Blue" },
        ],
      },
      {
        id: "size",
        kind: "single",
        options: [
          { value: "S", label: "S" },
          { value: "M", label: "M" },
        ],
        required: false,
      },
      { id: "parts", kind: "multiple", header: "Parts", question: "Which parts?" },
      { id: "tags", kind: "multiple" },
      { id: "copies", kind: "number", options: [], required: true },
      { id: "ratio", kind: "number" },
      { id: "notify", kind: "boolean" },
      { id: "note", kind: "text" },
    ],
  });
});

test("a form that insists on a field nobody knows is not shown", () => {
  const { requestedSchema } = form;
  expect(
    mapElicitation({ ...form, requestedSchema: { ...requestedSchema, required: ["odd"] } }, "r1"),
  ).toBeNull();
});

test("answers become the content the schema wants, by value or by label", () => {
  const answers = [["Blue"], ["M"], ["A part"], ["x", "y"], ["3"], ["0.5"], ["Yes"], ["some words"]];
  expect(answersToContent(form, answers)).toEqual({
    color: "b",
    size: "M",
    parts: ["a"],
    tags: ["x", "y"],
    copies: 3,
    ratio: 0.5,
    notify: true,
    note: "some words",
  });
  expect(answersToContent(form, [["r"], [], [], [], ["1"]])).toEqual({ color: "r", copies: 1 });
});

test.each([
  ["a required answer that is missing", [[], [], [], [], ["1"]], /"Color" needs an answer/],
  ["an option that is not offered", [["Green"], [], [], [], ["1"]], /not an option/],
  ["a word for a number", [["Red"], [], [], [], ["many"]], /a whole number/],
  ["a fraction for an integer", [["Red"], [], [], [], ["1.5"]], /a whole number/],
])("%s is refused", (_, answers, message) => {
  expect(() => answersToContent(form, answers)).toThrow(message);
});

test("modes and models of their own become options only where no config option has their category", () => {
  const legacy = WireSession.parse({
    configOptions: [
      {
        id: "m",
        name: "Model",
        category: "model",
        type: "select",
        currentValue: "a",
        options: [{ group: "g", name: "Group", options: [{ value: "a", name: "A" }] }],
      },
    ],
    modes: {
      currentModeId: "ask",
      availableModes: [
        { id: "ask", name: "Ask" },
        { id: "code", name: "Code" },
      ],
    },
    models: { currentModelId: "a", availableModels: [{ modelId: "a", name: "A" }] },
  });
  const options = optionsFromWire(legacy);
  expect(options.map(({ id, category, setter }) => [id, category, setter])).toEqual([
    ["m", "model", "config"],
    ["mode", "mode", "mode"],
  ]);
  expect(options[0]?.choices).toEqual([{ value: "a", name: "A", description: null, group: "Group" }]);
  expect(findOption(withValue(options, "mode", "code"), "mode")?.value).toBe("code");
});

test("a prompt keeps to what the agent takes", () => {
  const all = { image: true, embeddedContext: true };
  const image: ContentBlock = { type: "image", media_type: "image/png", data: "AA==" };
  const text: ContentBlock = { type: "file", name: "a.md", media_type: "text/markdown", data: btoa("hi") };
  const link: ContentBlock = { type: "file", name: "a b.ts", path: "/w/a b.ts" };
  expect(promptToWire([image, text, link], all)).toEqual([
    { type: "image", mimeType: "image/png", data: "AA==" },
    { type: "resource", resource: { uri: "attachment:///a.md", mimeType: "text/markdown", text: "hi" } },
    { type: "resource_link", uri: "file:///w/a%20b.ts", name: "a b.ts", mimeType: null },
  ]);
  for (const block of [image, text]) {
    expect(() => promptToWire([block], {})).toThrow(expect.objectContaining({ code: "unsupported" }));
  }
});

test("a file that is referred to comes back as it went", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const path = `/w/${name.replaceAll("\0", "")}`;
      const [wire] = promptToWire([{ type: "file", name: "x", path }], {});
      expect(contentFromWire(wire!)).toMatchObject({ type: "file", name: "x", path });
    }),
  );
});

test.each<[unknown, string | null, number | null]>([
  [{ stdout: "a", stderr: "b" }, "a\nb", null],
  [{ stdout: "", stderr: "" }, "", null],
  [{ aggregated_output: "x", exit_code: 2, stdout: "y" }, "x", 2],
  [{ output: "o", metadata: { exit: 0 } }, "o", 0],
  [{ error: "no", metadata: {} }, "no", null],
  [{ exitCode: 3, signal: null }, null, 3],
  [
    "Chunk ID: a\nWall time: 0\nProcess exited with code 4\nOriginal token count: 1\nOutput:\nhi\n",
    "hi\n",
    4,
  ],
  ["plain", "plain", null],
  [7, null, null],
])("the result %j reads as %j with exit code %j", (raw, text, exit_code) => {
  expect(readOutput(raw)).toEqual({ text, exit_code });
});

test("only a fence around the whole is taken off", () => {
  expect(withoutFence("```console\na\nb\n```")).toBe("a\nb");
  expect(withoutFence("see ```x``` there")).toBe("see ```x``` there");
});

test("Codex fences what a command writes while it runs: the fence is not part of the output", () => {
  const memory = createMemory();
  mapUpdate(toolUpdate({ kind: "execute", status: "in_progress" }), memory);
  const [event] = mapUpdate(toolUpdate(outputOf("```sh\nmade\n```\n")), memory);
  expect(event?.data).toMatchObject({ output: "made" });
  const rawOutput = { aggregated_output: "made\n", exit_code: 0 };
  const [end] = mapUpdate(toolUpdate({ status: "completed", rawOutput }), memory);
  expect(end?.data).toMatchObject({ status: "completed", exit_code: 0 });
  expect(end?.data).not.toHaveProperty("output");
});

const toolUpdate = (fields: object): object => ({
  sessionUpdate: "tool_call_update",
  toolCallId: "c",
  ...fields,
});
const outputOf = (text: string): object => ({
  content: [{ type: "content", content: { type: "text", text } }],
});

test.each([
  [{ claudeCode: { toolName: "Bash" } }, "failed", { output: "oops", exit_code: 3 }],
  // What a command wrote itself is its output: of one that succeeded, and of an agent with exit codes of its own.
  [{ claudeCode: { toolName: "Bash" } }, "completed", { output: "Exit code 3\noops" }],
  [{}, "failed", { output: "Exit code 3\noops" }],
])("a first line with an exit code, of %j that %s, reads as %j", (_meta, status, expected) => {
  const memory = createMemory();
  mapUpdate(toolUpdate({ _meta, kind: "execute" }), memory);
  const text = { type: "text", text: "```console\nExit code 3\noops\n```" };
  const result =
    "claudeCode" in _meta ? { content: [{ type: "content", content: text }] } : outputOf("Exit code 3\noops");
  const [event] = mapUpdate(toolUpdate({ _meta, status, ...result }), memory);
  const { output, exit_code } = event!.data as { output?: string; exit_code?: number };
  expect(exit_code === undefined ? { output } : { output, exit_code }).toEqual(expected);
});

test("output that grows is sent as what was added, output that changes as a whole", () => {
  const memory = createMemory();
  const events = ["a\n", "a\nb\n", "a\nb\n", "c\n"].flatMap((text) =>
    mapUpdate(toolUpdate(outputOf(text)), memory),
  );
  expect(events.map(({ event_type, data }) => [event_type, data])).toMatchObject([
    ["tool_use_start", { id: "c", output: "a\n" }],
    ["tool_update", { id: "c", output_delta: "b\n" }],
    ["tool_update", { id: "c", output: "c\n" }],
  ]);
});

test("a call with calls under it is a sub-agent", () => {
  const memory = createMemory();
  mapUpdate({ sessionUpdate: "tool_call", toolCallId: "p", title: "Explore", kind: "think" }, memory);
  const child = {
    sessionUpdate: "tool_call",
    toolCallId: "c",
    title: "Read",
    _meta: { claudeCode: { toolName: "Read", parentToolUseId: "p" } },
  };
  expect(mapUpdate(child, memory)).toMatchObject([
    { event_type: "tool_update", data: { id: "p", kind: "subagent" } },
    { event_type: "tool_use_start", data: { id: "c", name: "Read", parent_id: "p" } },
  ]);
  const task = {
    sessionUpdate: "tool_call",
    toolCallId: "t",
    kind: "think",
    _meta: { claudeCode: { toolName: "Task" } },
  };
  expect(mapUpdate(task, memory)).toMatchObject([{ data: { name: "Task", kind: "subagent" } }]);
});

test("an image is content of its block; an unknown kind of update is kept whole", () => {
  const image = {
    sessionUpdate: "agent_message_chunk",
    messageId: "m",
    content: { type: "image", data: "AA==", mimeType: "image/png" },
  };
  expect(mapUpdate(image, createMemory())).toEqual([
    {
      event_type: "message_content",
      data: { block_id: "m", content: [{ type: "image", media_type: "image/png", data: "AA==" }] },
    },
  ]);
  const odd = { sessionUpdate: "made_up", x: 1 };
  expect(mapUpdate(odd, createMemory())).toMatchObject([{ event_type: "unparsed", data: { raw: odd } }]);
});

test("no update makes the mapping throw, whatever its fields are", () => {
  const kinds = [
    "tool_call",
    "tool_call_update",
    "plan",
    "agent_message_chunk",
    "usage_update",
    "config_option_update",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.dictionary(
        fc.constantFrom(
          "content",
          "toolCallId",
          "rawInput",
          "rawOutput",
          "entries",
          "used",
          "_meta",
          "locations",
          "configOptions",
        ),
        fc.jsonValue(),
      ),
      (sessionUpdate, fields) => {
        expect(Array.isArray(mapUpdate({ ...fields, sessionUpdate }, createMemory()))).toBe(true);
      },
    ),
  );
});

test.each([
  [cursorAt("a-b:c", 12), { server_id: "a-b:c", position: 12 }],
  ["a:lost", { server_id: "a", position: null }],
  ["nonsense", null],
  [null, null],
])("the cursor %j reads as %j", (text, expected) => {
  expect(parseCursor(text)).toEqual(expected);
});

test("a session that lives long does not keep all its calls", () => {
  const memory = createMemory();
  for (let call = 0; call < 1_000; call += 1) {
    mapUpdate({ sessionUpdate: "tool_call", toolCallId: `call-${call}`, title: "Read a file" }, memory);
  }
  expect(memory.tools.size).toBeLessThan(300);
  // The newest are known: what comes now is an update of them, and no second start.
  const [event] = mapUpdate({ sessionUpdate: "tool_call", toolCallId: "call-999", title: "Read it" }, memory);
  expect(event?.event_type).toBe("tool_update");
});
