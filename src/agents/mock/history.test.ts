import type { SessionUpdate } from "@agentclientprotocol/sdk";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { remember } from "./history.ts";

function historyOf(updates: SessionUpdate[]): SessionUpdate[] {
  const history: SessionUpdate[] = [];
  for (const update of updates) remember(history, update);
  return history;
}

const message = (messageId: string, text: string): SessionUpdate => ({
  sessionUpdate: "agent_message_chunk",
  messageId,
  content: { type: "text", text },
});

it("is the same however a message was cut into deltas", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (deltas) => {
      expect(historyOf(deltas.map((text) => message("msg_1", text)))).toEqual([
        message("msg_1", deltas.join("")),
      ]);
    }),
  );
});

it("keeps messages apart by id", () => {
  expect(historyOf([message("msg_1", "a"), message("msg_2", "b")])).toHaveLength(2);
});

it("is the same however a tool call's fields were spread over updates", () => {
  const fields = { title: "Read a", kind: "read", status: "completed", rawInput: { path: "a" } } as const;
  const call = { sessionUpdate: "tool_call", toolCallId: "call_1", title: "read" } as const;
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.entries(fields), { minLength: 4 }), (order) => {
      const updates = order.map(([name, value]) => ({
        sessionUpdate: "tool_call_update" as const,
        toolCallId: "call_1",
        [name]: value,
      }));
      expect(historyOf([call, message("msg_1", "between"), ...updates])[0]).toEqual({ ...call, ...fields });
    }),
  );
});

it("keeps one plan per turn, the last", () => {
  const plan = (content: string): SessionUpdate => ({
    sessionUpdate: "plan",
    entries: [{ content, priority: "high", status: "pending" }],
  });
  const user: SessionUpdate = {
    sessionUpdate: "user_message_chunk",
    content: { type: "text", text: "plan" },
  };
  expect(historyOf([user, plan("a"), plan("b"), user, plan("c")])).toEqual([
    user,
    plan("b"),
    user,
    plan("c"),
  ]);
});
