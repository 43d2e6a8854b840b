import { describe, expect, it } from "vitest";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import type { Row } from "#src/transcript/rows.ts";
import { excerptBefore } from "./excerpt.logic.ts";

const says = (text: string): Told[] => [
  ["text_delta", { text }],
  ["text_complete", { text }],
];
const prompt = (text: string): Told => [
  "user_message",
  { message_id: text, turn_id: null, content: [{ type: "text", text }], author: "ann" },
];
const call = (id: string): Told[] => [
  ["tool_use_start", { id, name: "Bash", kind: "execute", title: id }],
  ["tool_result", { tool_use_id: id, content: "", is_error: false }],
];
const asks = (request_id: string, tool_use_id: string | null): Told => [
  "permission_request",
  { request_id, tool_use_id, tool_name: "Bash", title: "rm", tool_input: {}, options: [] },
];
const questions: Told = ["user_input_request", { request_id: "q", questions: [] }];

function words(row: Row): string {
  if (row.kind === "text") return row.text;
  if (row.kind === "tool") return row.tool.title;
  return row.kind === "user" ? row.message_id : row.kind;
}

function excerpt(id: string, ...told: Told[]) {
  const { rows } = foldAll(emptyTranscript(), eventLog(...told));
  const { prompt: first, left_out, latest } = excerptBefore(rows, { id });
  return { prompt: first.map(words), left_out, latest: latest.map(words) };
}

describe("excerptBefore", () => {
  it("ends before the call that asks, though others run beside it", () => {
    const told = [prompt("Clean up"), ...says("I will."), ...call("rm"), asks("r", "rm"), ...call("ls")];
    expect(excerpt("r", ...told)).toEqual({ prompt: ["Clean up"], left_out: 0, latest: ["I will."] });
  });

  it("ends before a request that belongs to no call, and before a question", () => {
    const told = [prompt("Go"), ...call("ls"), asks("r", null)];
    expect(excerpt("r", ...told)).toEqual({ prompt: ["Go"], left_out: 0, latest: ["ls"] });
    expect(excerpt("q", prompt("Go"), ...call("ls"), questions)).toEqual({
      prompt: ["Go"],
      left_out: 0,
      latest: ["ls"],
    });
  });

  it("takes the last prompt and the last rows, and counts what stands between", () => {
    const calls = ["a", "b", "c", "d", "e", "f", "g"].flatMap(call);
    expect(excerpt("q", prompt("Old"), ...says("Done."), prompt("New"), ...calls, questions)).toEqual({
      prompt: ["New"],
      left_out: 2,
      latest: ["c", "d", "e", "f", "g"],
    });
  });

  it("takes the end when the request is not among the rows, and no prompt when that is further back", () => {
    expect(excerpt("elsewhere", ...call("ls"))).toEqual({ prompt: [], left_out: 0, latest: ["ls"] });
    expect(excerpt("elsewhere")).toEqual({ prompt: [], left_out: 0, latest: [] });
  });
});
