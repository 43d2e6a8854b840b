import { describe, expect, it } from "vitest";
import { eventLog, type Told, timeOf } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { LOOK_BACK } from "./limits.ts";
import { emptyTranscript } from "./page.ts";

type Data<T extends Told[0]> = Extract<Told, readonly [T, unknown]>[1];

const ask = (data: Partial<Data<"permission_request">> = {}): Told => [
  "permission_request",
  {
    request_id: "r",
    tool_use_id: "c",
    tool_name: "Bash",
    tool_input: { command: "ls" },
    options: [],
    ...data,
  },
];
const answer = (data: Partial<Data<"permission_response">> = {}): Told => [
  "permission_response",
  { request_id: "r", tool_name: "Bash", approved: true, reply: "once", by: { name: "ana" }, ...data },
];
const tool: Told = ["tool_use_start", { id: "c", name: "Bash", title: "ls", kind: "execute" }];
const question: Told = [
  "user_input_request",
  { request_id: "q", questions: [{ id: "1", question: "Which?", kind: "single", options: [] }] },
];
const asides = Array.from({ length: LOOK_BACK }, (): Told => ["unparsed", { error: "no", raw: 0 }]);
const rowsOf = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told)).rows;

describe("a permission", () => {
  it("stands on the card of its tool call, with its answer", () => {
    expect(rowsOf(tool, ask(), answer())).toMatchObject([
      {
        kind: "tool",
        last_event_id: "3",
        tool: {
          title: "ls",
          permissions: [
            {
              request: { request_id: "r" },
              requested_at: timeOf(2),
              response: { approved: true, by: { name: "ana" } },
              responded_at: timeOf(3),
            },
          ],
        },
      },
    ]);
  });

  it("makes the card of an edit when its input alone says so", () => {
    const edit = { file_path: "/w/a", old_string: "one", new_string: "ONE" };
    expect(rowsOf(ask({ tool_name: "Edit", tool_input: edit }))).toMatchObject([
      { kind: "tool", tool: { kind: "edit", diffs: [] } },
    ]);
  });

  it("makes the card when it comes before the call, which then goes on from it", () => {
    const rows = rowsOf(ask({ title: "list files" }), tool, answer());
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      kind: "tool",
      tool: {
        title: "ls",
        kind: "execute",
        input: { command: "ls" },
        permissions: [{ response: { approved: true } }],
      },
    });
  });

  it("has a row of its own when it names no call", () => {
    const rows = rowsOf(tool, ask({ tool_use_id: null }), answer({ approved: false, reply: "reject" }));
    expect(rows.map((row) => row.kind)).toEqual(["tool", "permission"]);
    expect(rows[1]).toMatchObject({ permission: { response: { reply: "reject" }, responded_at: timeOf(3) } });
  });

  it.each(["expired", "auto_resolved"] as const)("may end as %s", (state) => {
    const [row] = rowsOf(ask(), answer({ state, approved: false, reply: null, by: null }));
    expect(row).toMatchObject({ tool: { permissions: [{ response: { state } }] } });
  });

  it("is asked once and answered once", () => {
    const rows = rowsOf(tool, ask(), ask(), answer(), answer({ approved: false }), ask());
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ tool: { permissions: [{ response: { approved: true } }] } });
  });

  it("can be one of several of a call", () => {
    const [row] = rowsOf(tool, ask(), ask({ request_id: "r2" }), answer({ request_id: "r2" }));
    expect(row).toMatchObject({
      tool: { permissions: [{ response: null }, { response: { request_id: "r2" } }] },
    });
  });

  it("is found by its answer however far up it waits", () => {
    const rows = rowsOf(ask({ tool_use_id: null }), ...asides, answer());
    expect(rows).toHaveLength(LOOK_BACK + 1);
    expect(rows[0]).toMatchObject({ permission: { response: { approved: true } } });
  });

  it("that was never asked for leaves a note", () => {
    expect(rowsOf(answer({ approved: false }))).toMatchObject([{ kind: "notice", text: "Bash was refused" }]);
  });
});

describe("a question", () => {
  it("is a row that keeps its answer", () => {
    const reply: Told = ["user_input_response", { request_id: "q", answers: [["Red"]], state: "answered" }];
    const rows = rowsOf(question, ["text_delta", { text: "a" }], reply, question);
    expect(rows.map((row) => row.kind)).toEqual(["question", "text"]);
    expect(rows[0]).toMatchObject({
      question: { response: { answers: [["Red"]], state: "answered" }, responded_at: timeOf(3) },
    });
  });
});
