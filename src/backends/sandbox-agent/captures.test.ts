import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import type { DomainEvent } from "#src/domain/event.ts";
import { eventData } from "#src/domain/event.ts";
import { stories } from "./fixtures/stories.ts";
import { mapPromptResponse } from "./map.ts";
import { optionsFromWire } from "./map-options.ts";
import { createReader, type ReadingMode } from "./reader.ts";
import { createRequests } from "./requests.ts";
import { RpcMessage, WireSession } from "./wire.ts";

/** One line of a recorded exchange: what was posted, what came back, or one frame of the stream as it came. */
const Capture = z.object({
  dir: z.string().default(""),
  body: z.unknown().optional(),
  raw: z.string().optional(),
});
type Capture = z.infer<typeof Capture>;

type Replayed = { events: DomainEvent[]; answers: unknown[]; exits: (number | null)[] };

/** Plays a recorded stream through the reader, in its order; requests are known by the ids that were posted. */
function play(name: string, history: ReadingMode = "replay"): Replayed {
  const played: Replayed = { events: [], answers: [], exits: [] };
  const requests = createRequests("12345678-instance", () => Promise.resolve());
  const reader = createReader({ title: null, directory: "/workspace", requests });
  const methods = new Map<unknown, string>();
  for (const line of linesOf(name)) {
    const posted = RpcMessage.safeParse(line.body);
    if (line.dir === "POST" && posted.data?.method) {
      methods.set(posted.data.id, posted.data.method);
      if (/^session\/(load|fork)$/.test(posted.data.method)) played.events.push(...reader.setMode(history));
    }
    const message = messageOf(line);
    if (!message) continue;
    const method = message.method === undefined ? methods.get(message.id) : undefined;
    if (method === "session/prompt") {
      played.events.push(...mapPromptResponse(message));
    } else if (method !== undefined) {
      if (/^session\/(load|fork)$/.test(method)) played.events.push(...reader.setMode("live"));
      const session = WireSession.safeParse(message.result).data;
      if (session?.configOptions) reader.memory.options = optionsFromWire(session);
    } else {
      const { events, answer, exited } = reader.read(message);
      played.events.push(...events);
      if (answer) played.answers.push(answer);
      if (exited) played.exits.push(exited.code);
    }
  }
  return played;
}

/** The message in a frame; null for a heartbeat and for what is no frame. */
function messageOf({ raw }: Capture): RpcMessage | null {
  const data = /^data: (.*)$/m.exec(raw ?? "")?.[1];
  return data === undefined ? null : RpcMessage.parse(JSON.parse(data));
}

const isTurnEnd = ({ event_type }: DomainEvent): boolean =>
  event_type === "session_completed" || event_type === "session_failed";

function linesOf(name: string): Capture[] {
  const path = new URL(`./fixtures/${name}.ndjson`, import.meta.url);
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => Capture.parse(JSON.parse(line)));
}

/** An event in one line: its type and what a person would see of it. Text deltas in a row are joined. */
function story(events: readonly DomainEvent[]): string[] {
  const lines: string[] = [];
  for (const event of events) {
    const line = tell(event);
    const last = lines.at(-1);
    const joins = /^(text|thinking): /.exec(line)?.[0];
    if (joins && last?.startsWith(joins)) lines[lines.length - 1] = last + line.slice(joins.length);
    else if (line !== "") lines.push(line);
  }
  return lines;
}

function tell({ event_type, data }: DomainEvent): string {
  switch (event_type) {
    case "text_delta":
      return `text: ${data.text}`;
    case "thinking_delta":
      return `thinking: ${data.text.trim()}`;
    case "user_message":
      return `user: ${data.content.map((block) => (block.type === "text" ? block.text : block.type)).join("")}`;
    case "tool_use_start":
      return `start ${data.id} ${data.name} [${data.kind}] ${tellTool(data)}`;
    case "tool_update":
      return `update ${data.id} ${tellTool(data)}`;
    case "permission_request":
      return `permission ${data.request_id} ${data.tool_use_id} ${data.tool_name} "${data.title}" in ${data.directory}: ${data.options.map(({ id, kind }) => `${kind}=${id}`).join(" ")}${tellDiffs(data.diffs)}`;
    case "plan_updated":
      return `plan: ${data.entries.map(({ content, status, priority }) => `${content} (${status}, ${priority})`).join("; ")}`;
    case "usage_updated":
      return "";
    case "session_updated":
      return `session: ${data.change ?? data.title ?? Object.keys(data).join(" ")}`;
    case "session_completed":
      return `completed: ${data.stop_reason}`;
    case "session_failed":
      return `failed: ${data.code} ${data.error}`;
    case "unparsed":
      return `unparsed at ${data.location}: ${data.error}`;
    default:
      return event_type;
  }
}

type ToolData = Extract<DomainEvent, { event_type: "tool_update" }>["data"];

function tellTool(data: Omit<ToolData, "name">): string {
  const parts: string[] = [];
  if (data.status) parts.push(data.status);
  if (data.title) parts.push(`"${data.title}"`);
  if (data.input !== undefined) parts.push(`input(${Object.keys(data.input ?? {}).join(",")})`);
  if (data.output !== undefined) parts.push(`output=${JSON.stringify(data.output)}`);
  if (data.output_delta !== undefined) parts.push(`output+=${JSON.stringify(data.output_delta)}`);
  if (typeof data.exit_code === "number") parts.push(`exit=${data.exit_code}`);
  return parts.join(" ") + tellDiffs(data.diffs ?? []);
}

function tellDiffs(diffs: readonly { path: string; old_text: string | null; new_text: string }[]): string {
  return diffs
    .map((diff) => ` ${diff.path}:${JSON.stringify(diff.old_text)}→${JSON.stringify(diff.new_text)}`)
    .join("");
}

test.each(Object.entries(stories))("%s comes out as it happened", (name, expected) => {
  expect(story(play(name).events)).toEqual(expected);
});

test.each(Object.keys(stories))("%s makes only events of the domain's shapes", (name) => {
  for (const { event_type, data } of play(name).events) {
    expect(eventData[event_type].safeParse(data).error, event_type).toBeUndefined();
  }
});

test.each(Object.keys(stories))(
  "%s ends every turn exactly once and starts every tool before it changes",
  (name) => {
    const { events } = play(name, "skip");
    const lines = linesOf(name);
    const prompts = lines.flatMap(({ dir, body }) => {
      const message = dir === "POST" ? RpcMessage.parse(body) : null;
      return message?.method === "session/prompt" ? [message.id] : [];
    });
    const answered = lines
      .map(messageOf)
      .filter((message) => message && message.method === undefined && prompts.includes(message.id));
    expect(events.filter(isTurnEnd)).toHaveLength(answered.length);

    const started = new Set<string>();
    for (const event of events) {
      if (event.event_type === "tool_use_start") {
        expect(started).not.toContain(event.data.id);
        started.add(event.data.id);
      } else if (event.event_type === "tool_update") {
        expect(started).toContain(event.data.id);
      } else if (event.event_type === "permission_request") {
        expect(started).toContain(event.data.tool_use_id);
      }
    }
  },
);

test("files that an agent wants written through the client are declined, so it never hangs", () => {
  const error = { code: -32601, message: "Method not found: fs/write_text_file" };
  expect(play("oc-edit-write-read-plan").answers).toEqual([
    { id: 1, body: { error } },
    { id: 3, body: { error } },
  ]);
});

test.each<[string, number[]]>([
  ["rich-transport-A", [7]],
  ["rich-timeout", [7]],
  ["claude-list-load", [0]],
  ["codex-permission", []],
])("%s tells the end of the process: %j", (name, codes) => {
  expect(play(name).exits).toEqual(codes);
});

test("a history that is known is swallowed, all but what the session is now", () => {
  expect(story(play("claude-list-load", "skip").events)).toEqual(["session: commands"]);
});

test("an agent that only echoes fails each turn and hides nothing", () => {
  const { events } = play("mock-builtin-echo");
  const kinds = new Set(events.map(({ event_type }) => event_type));
  expect(kinds).toEqual(new Set(["unparsed", "session_failed"]));
  expect(events.filter(({ event_type }) => event_type === "session_failed")).toHaveLength(10);
});
