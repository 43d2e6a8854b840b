import { describe, expect, test } from "vitest";
import type { DomainEvent, EventData } from "#src/domain/event.ts";
import { promptText, requestSummary, titleOf } from "./summary.ts";

function permission(
  data: Partial<EventData["permission_request"]>,
): Extract<DomainEvent, { event_type: "permission_request" }> {
  return {
    event_type: "permission_request",
    data: {
      request_id: "1",
      turn_id: null,
      tool_use_id: null,
      tool_name: "Bash",
      title: "",
      tool_input: {},
      risk_level: null,
      directory: null,
      diffs: [],
      options: [],
      message_supported: false,
      expires_at: null,
      ...data,
    },
  };
}

function question(title: string, text: string): Extract<DomainEvent, { event_type: "user_input_request" }> {
  const asked = {
    id: "q",
    header: null,
    question: text,
    kind: "text" as const,
    options: [],
    allow_other: false,
    required: true,
  };
  return {
    event_type: "user_input_request",
    data: { request_id: "1", turn_id: null, tool_use_id: null, title, questions: [asked], expires_at: null },
  };
}

describe("a request in a few words", () => {
  test.each([
    [permission({ tool_input: { command: "rm -rf dist" } }), "Bash: rm -rf dist"],
    [permission({ tool_input: { command: ["ls", "-la"] } }), "Bash: ls -la"],
    [permission({ tool_name: "Edit", diffs: [{ path: "a.ts", old_text: "", new_text: "x" }] }), "Edit: a.ts"],
    [permission({ tool_name: "WebFetch", title: "Fetch example.com" }), "WebFetch: Fetch example.com"],
    [permission({ tool_name: "Bash", title: "Bash", tool_input: null }), "Bash"],
    [permission({ tool_input: { command: "one\ntwo" } }), "Bash: one"],
    [question("Choose a color", "Color"), "Choose a color"],
    [question("", "Which database?"), "Which database?"],
    [question("", ""), "A question"],
  ])("%#", (event, words) => {
    expect(requestSummary(event)).toBe(words);
  });

  test("is cut where a list would cut it", () => {
    const summary = requestSummary(permission({ tool_input: { command: "x".repeat(500) } }));
    expect(summary.length).toBe(120);
    expect(summary.endsWith("…")).toBe(true);
  });
});

test("a session without a title is called by its first line", () => {
  expect(titleOf([{ type: "text", text: "\n  Fix it\nplease" }])).toBe("Fix it");
  expect(titleOf([{ type: "image", media_type: "image/png", data: "" }])).toBe("Untitled session");
});

test("a queued prompt names what comes with it", () => {
  const image = { type: "image" as const, media_type: "image/png", data: "" };
  expect(promptText([{ type: "text", text: "look" }, image])).toBe("look (1 attachment)");
  expect(promptText([image, image])).toBe("(2 attachments)");
});
