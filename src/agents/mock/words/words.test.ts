import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient, answers } from "../test-client.ts";
import { availableCommands } from "./commands.ts";
import { words } from "./table.ts";

let client: TestClient;
beforeEach(async () => {
  client = await TestClient.withSession();
});

const pngSignature = "iVBORw0KGgo";
const accept = (content: Record<string, unknown>) => () => ({ action: "accept", content });

describe("words that only speak", () => {
  const says: [prompt: string, text: string][] = [
    ["Reply with exactly the single word OK.", "OK"],
    ["reply with exactly the word FIRST.", "FIRST"],
    ["Reply with exactly the word SECOND.", "SECOND"],
    ["echo a   b\n c", "a b c"],
    ["SAY Hello", "Hello"],
    ["echo", "Tell me what to echo: `echo some words`."],
    ["  anything else  at all ", "anything else  at all"],
    ["/echo slash", "slash"],
    ["think", "I thought about it: the second way is simpler."],
    ["usage", "This session's usage was just sent."],
    ["title A name", 'The session is now called "A name".'],
    ["plan", "All five steps are done."],
    ["sleep 0.001", "Slept 0.001 s."],
    ["burst 0", ""],
  ];
  it.each(says)("%j says %j", async (prompt, text) => {
    const { result } = await client.prompt(prompt);
    expect(result).toEqual({ stopReason: "end_turn" });
    expect(client.said).toBe(text);
  });

  it("help lists every word", async () => {
    await client.prompt("help");
    for (const { usage } of words) expect(client.said).toContain(`\`${usage}\``);
  });

  it("markdown comes in eight deltas cut inside its marks", async () => {
    await client.prompt("markdown");
    const cuts = [
      /\*\*bo$/,
      /\*ita$/,
      /~~strike$/,
      /\[[^\]]*exam$/,
      /\n2$/,
      /```t$/,
      /\| a +\| +b +$/,
      /The end\.\n$/,
    ];
    expect(client.deltas()).toHaveLength(cuts.length);
    for (const [n, cut] of cuts.entries()) expect(client.deltas()[n]).toMatch(cut);
    expect(client.said).toMatch(/\*\*bold\*\*.*\n[\s\S]*```ts\n/);
  });

  it("long N sends N deltas of one message", async () => {
    await client.prompt("long 450");
    const ids = new Set(client.of("agent_message_chunk").map(({ messageId }) => messageId));
    expect(client.deltas()).toHaveLength(450);
    expect(ids.size).toBe(1);
    expect(client.of("usage_update").length).toBeGreaterThan(2);
  });

  it("echo acknowledges attachments", async () => {
    await client.prompt(
      "see these",
      { type: "image", mimeType: "image/png", data: "AAAA" },
      { type: "resource_link", name: "a.ts", uri: "file:///a.ts" },
      { type: "resource", resource: { uri: "file:///b.txt", text: "four" } },
    );
    expect(client.said).toBe(
      "see these\n\nAttachments:\n- image: image/png, 3 bytes\n- link: a.ts (file:///a.ts)\n- file: file:///b.txt, 4 bytes",
    );
  });

  it("hostile says what must not run", async () => {
    await client.prompt("hostile");
    for (const part of ["<script>", "javascript:", "https://example.com/pixel.png", "\u001b[31m", "\u202e"]) {
      expect(client.said).toContain(part);
    }
  });
});

describe("words that send other updates", () => {
  it.each([["think"], ["answer briefly and include your reasoning."]])("%j reasons first", async (prompt) => {
    await client.prompt(prompt);
    expect(client.deltas("agent_thought_chunk").length).toBeGreaterThan(1);
  });

  it("image sends a PNG", async () => {
    await client.prompt("image");
    const image = client.of("agent_message_chunk").find(({ content }) => content.type === "image");
    expect(image?.content).toMatchObject({
      mimeType: "image/png",
      data: expect.stringContaining(pngSignature),
    });
  });

  it.each([["tool"], ["tools"], ["tooling"]])(
    "%s merges, shows files and diffs, and fails",
    async (prompt) => {
      await client.prompt(prompt);
      const readme = join(client.cwd, "mock_1", "readme.md");
      expect(client.tool()).toMatchObject({
        title: 'Search for "example"',
        name: "mock.search",
        kind: "search",
        status: "failed",
        rawInput: { query: "example" },
      });
      expect(client.tool().locations).toContainEqual({ path: readme });
      expect(client.tool().content?.map(({ type }) => type)).toEqual(["content", "diff", "diff"]);
    },
  );

  it("status is a call that completes", async () => {
    await client.prompt("Provide a short status update.");
    expect(client.tool()).toMatchObject({ title: "Indexing", status: "completed" });
  });

  it("plan progresses one step at a time", async () => {
    await client.prompt("plan");
    const done = client
      .of("plan")
      .map(({ entries }) => entries.filter(({ status }) => status === "completed").length);
    expect(done).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("subagent nests its calls", async () => {
    await client.prompt("subagent");
    const [parent, ...children] = client.of("tool_call");
    expect(children).toHaveLength(2);
    for (const child of children) expect(child._meta).toEqual({ parentToolCallId: parent?.toolCallId });
    expect(client.tool()).toMatchObject({ status: "completed" });
  });

  it("burst N completes N calls", async () => {
    await client.prompt("burst 40");
    const completed = client.of("tool_call_update").filter(({ status }) => status === "completed");
    expect(new Set(completed.map(({ toolCallId }) => toolCallId)).size).toBe(40);
  });

  it("big N streams chunks of at most 64 KB and ends with all of them", async () => {
    await client.prompt("big 1");
    const sizes = client.of("tool_call_update").map((update) => JSON.stringify(update.content).length);
    expect(Math.max(...sizes.slice(0, -1))).toBeLessThan(70_000);
    expect(client.tool().content).toHaveLength(16);
    expect(sizes.at(-1)).toBeGreaterThan(1_048_576);
  });

  it("commands announces words that exist", async () => {
    await client.prompt("commands");
    expect(client.of("available_commands_update")).toHaveLength(2);
    const known = words.flatMap(({ names }) => names);
    for (const { name } of availableCommands) expect(known).toContain(name);
  });

  it("usage grows from turn to turn", async () => {
    await client.prompt("echo some words");
    await client.prompt("usage");
    const used = client.of("usage_update").map((update) => update.used);
    expect(used).toEqual([...used].sort((a, b) => a - b));
    expect(used.at(-1)).toBeGreaterThan(used[0]!);
  });
});

describe("words that ask", () => {
  const permissionCases = [
    { reply: "once", statuses: ["completed", "completed"], asked: 2, written: true },
    { reply: "always", statuses: ["completed", "completed"], asked: 2, written: true },
    { reply: "reject", statuses: ["failed", "failed"], asked: 2, written: false },
  ] as const;
  it.each(permissionCases)("permission goes on after $reply", async ({ reply, statuses, asked, written }) => {
    client.answer = answers[reply];
    const { result } = await client.prompt("permission");
    expect(result?.stopReason).toBe("end_turn");
    expect(client.requests).toHaveLength(asked);
    expect(client.requests[0]?.params).toMatchObject({
      toolCall: { kind: "execute", rawInput: { command: "echo mock" } },
    });
    expect(client.requests[1]?.params).toMatchObject({
      toolCall: { kind: "edit", content: [{ type: "diff", oldText: null }] },
    });
    expect([client.tool(0).status, client.tool(1).status]).toEqual(statuses);
    const file = readFile(join(client.cwd, "mock_1", "deny.txt"), "utf8");
    if (written) expect(await file).toBe("mock output\n");
    else await expect(file).rejects.toThrow("ENOENT");
  });

  it("multiedit shows no diff: only its input says what it replaces", async () => {
    client.answer = answers.reject;
    await client.prompt("multiedit a.txt one ONE");
    expect(client.requests[0]?.params).toMatchObject({
      toolCall: {
        kind: "edit",
        rawInput: { file_path: join(client.cwd, "a.txt"), edits: [{ old_string: "one", new_string: "ONE" }] },
      },
    });
    expect(client.requests[0]?.params).not.toHaveProperty("toolCall.content");
  });

  it("allow_always holds for that tool only", async () => {
    client.answer = answers.always;
    await client.prompt("run true");
    await client.prompt("run true");
    expect(client.requests).toHaveLength(1);
    await client.prompt("write a.txt hi");
    expect(client.requests).toHaveLength(2);
  });

  it("a permission answered with cancelled cancels the turn", async () => {
    client.answer = () => ({ outcome: { outcome: "cancelled" } });
    const { result } = await client.prompt("run true");
    expect(result?.stopReason).toBe("cancelled");
    expect(client.tool().status).toBe("failed");
  });

  const forms: [prompt: string, answer: Record<string, unknown>, said: string][] = [
    ["question", { answer: "Red" }, "Choose a color You answered: Red."],
    ["question multi", { answer: ["Page", "Agent"] }, "You answered: Page, Agent."],
    ["question text", { answer: "Sandy" }, "You answered: Sandy."],
    [
      "question all",
      { color: "Blue", copies: 2, notify: true },
      "You answered: color: Blue; copies: 2; notify: true.",
    ],
    [
      "Use the AskUserQuestion tool to ask exactly one yes/no question, then wait for a reply. Do not answer yourself.",
      { answer: "Yes" },
      "Proceed? You answered: Yes.",
    ],
  ];
  it.each(forms)("%j waits for its form", async (prompt, answer, said) => {
    client.answer = accept(answer);
    await client.prompt(prompt);
    expect(client.said).toContain(said);
    expect(client.requests[0]).toMatchObject({
      method: "elicitation/create",
      params: { mode: "form", sessionId: client.sessionId },
    });
    expect(client.requests).toHaveLength(prompt === "question" ? 2 : 1);
  });

  it.each(["decline", "cancel"])("a question survives %s", async (action) => {
    client.answer = () => ({ action });
    const { result } = await client.prompt("question");
    expect(result?.stopReason).toBe("end_turn");
    expect(client.said).toContain(`Choose a color No answer (${action}).`);
  });

  it("asks in plain text when the client has no forms", async () => {
    const plain = await TestClient.withSession({ forms: false });
    await plain.prompt("question");
    expect(plain.requests).toEqual([]);
    expect(plain.said).toContain("- Color: Red / Blue");
  });
});

describe("words that work in the folder", () => {
  beforeEach(async () => {
    client.answer = answers.once;
    await writeFile(join(client.cwd, "a.txt"), "one\ntwo\n");
  });

  const cases: { prompt: string; status: string; said: string; file?: [string, string] }[] = [
    { prompt: "ls", status: "completed", said: ". has 1 entry." },
    { prompt: "ls nowhere", status: "failed", said: "nowhere does not exist." },
    { prompt: "read a.txt", status: "completed", said: "a.txt has 2 lines." },
    { prompt: "read", status: "failed", said: "Something is missing: `read F`." },
    { prompt: "read .", status: "failed", said: ". is a directory." },
    {
      prompt: "write sub/b.txt some words here",
      status: "completed",
      said: "Created sub/b.txt.",
      file: ["sub/b.txt", "some words here"],
    },
    { prompt: 'write a.txt "x\\ny"', status: "completed", said: "Wrote a.txt.", file: ["a.txt", "x\ny"] },
    {
      prompt: "edit a.txt two three",
      status: "completed",
      said: "Edited a.txt.",
      file: ["a.txt", "one\nthree\n"],
    },
    {
      prompt: `edit a.txt "one\\ntwo" 'a $& b'`,
      status: "completed",
      said: "Edited a.txt.",
      file: ["a.txt", "a $& b\n"],
    },
    {
      prompt: "multiedit a.txt one ONE two 'two and a half'",
      status: "completed",
      said: "Edited a.txt.",
      file: ["a.txt", "ONE\ntwo and a half\n"],
    },
    { prompt: "multiedit a.txt", status: "failed", said: "Something is missing: `multiedit F OLD NEW …`." },
    { prompt: "edit a.txt o p", status: "failed", said: "a.txt has the text 2 times, not once." },
    { prompt: "run cat a.txt", status: "completed", said: "`cat a.txt` ended with exit code 0." },
    { prompt: "run exit 7", status: "failed", said: "`exit 7` ended with exit code 7." },
    { prompt: "run kill -9 $$", status: "failed", said: "`kill -9 $$` was killed by SIGKILL." },
  ];
  it.each(cases)("$prompt", async ({ prompt, status, said, file }) => {
    await client.prompt(prompt);
    expect(client.tool().status).toBe(status);
    expect(client.said).toBe(said);
    if (file) expect(await readFile(join(client.cwd, file[0]), "utf8")).toBe(file[1]);
  });

  it("run streams its output, both streams", async () => {
    await client.prompt("run echo out; echo err >&2");
    expect(client.tool()).toMatchObject({ rawOutput: { exitCode: 0, signal: null } });
    const text = JSON.stringify(client.tool().content);
    expect(text).toContain("out\\n");
    expect(text).toContain("err\\n");
  });

  it("a rejected write leaves the file alone", async () => {
    client.answer = answers.reject;
    await client.prompt("write a.txt gone");
    expect(await readFile(join(client.cwd, "a.txt"), "utf8")).toBe("one\ntwo\n");
    expect(client.said).toBe("Not done: the permission was rejected.");
  });
});

describe("words that misbehave", () => {
  it("error fails the turn", async () => {
    const { error } = await client.prompt("error");
    expect(error).toEqual({
      code: -32603,
      message: "Mock error event.",
      data: { code: "mock_error", mock: true },
    });
    expect(client.logged.length).toBeGreaterThan(0);
    expect((await client.prompt("echo still here")).result?.stopReason).toBe("end_turn");
  });

  it("unparsed prints a line that is not JSON and sends an unknown update", async () => {
    await client.prompt("unparsed");
    expect(client.printed).toEqual(["mock: this line is not JSON"]);
    expect(client.updates).toContainEqual({ sessionUpdate: "mock_unparsed", raw: "mock" });
  });

  it("unknown sends an unknown update", async () => {
    await client.prompt("unknown");
    expect(client.updates).toContainEqual(expect.objectContaining({ sessionUpdate: "mock_unknown" }));
  });

  it("junk prints 200 KB and goes on", async () => {
    await client.prompt("junk");
    expect(client.printed.join("\n").length).toBeGreaterThan(200_000);
    expect(client.said).toBe("That was junk; this is not.");
  });

  it("end replies, then exits with 0", async () => {
    const { result } = await client.prompt("end");
    expect(result?.stopReason).toBe("end_turn");
    await client.until(() => client.exits.length > 0);
    expect(client.exits).toEqual([0]);
  });

  it("crash exits with 3 and no reply", async () => {
    void client.prompt("crash");
    await client.until(() => client.exits.length > 0);
    expect(client.exits).toEqual([3]);
    expect(client.logged[0]).toContain("fatal");
  });

  it("demo shows one of everything", async () => {
    client.answer = ({ method }) =>
      method === "elicitation/create" ? { action: "accept", content: { answer: "Red" } } : answers.once();
    const { result } = await client.prompt("demo");
    expect(result?.stopReason).toBe("end_turn");
    for (let n = 1; n <= 10; n += 1) expect(client.said).toContain(`${n} of 10, next: `);
    expect(client.requests).toHaveLength(4);
  });
});
