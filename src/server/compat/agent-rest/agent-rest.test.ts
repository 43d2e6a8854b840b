import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, TEST_TOKEN, type TestServer } from "#src/testing/test-server.ts";
import { until } from "#src/testing/test-wait.ts";
import type { UniversalEvent } from "./universal.ts";

type Info = { sessionId: string; ended: boolean; eventCount: number; sandbox: string };
type Page = { events: UniversalEvent[]; hasMore: boolean };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ask = <T = unknown>(status: number, method: string, path: string, body?: unknown): Promise<T> =>
  server.ask<T>(status, method, path, body);

const eventsOf = async (id: string, query = ""): Promise<UniversalEvent[]> =>
  (await ask<Page>(200, "GET", `/v1/sessions/${id}/events${query}`)).events;

/** Sends a message and waits for its turn's end. */
async function say(id: string, message: string): Promise<UniversalEvent[]> {
  const before = (await eventsOf(id)).length;
  await ask(204, "POST", `/v1/sessions/${id}/messages`, { message });
  return until(
    () => eventsOf(id, `?offset=${before}`),
    (events) => events.some(({ type }) => type === "turn.ended"),
  );
}

/** Reads server-sent events until one passes, then hangs up. */
async function readStream(
  path: string,
  isLast: (event: UniversalEvent) => boolean,
  init: Parameters<TestServer["call"]>[3] = {},
): Promise<{ ids: string[]; events: UniversalEvent[] }> {
  const response = await server.call("GET", path, undefined, init);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const found = { ids: [] as string[], events: [] as UniversalEvent[] };
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data === undefined) continue;
      found.ids.push(/^id: (.*)$/m.exec(frame)?.[1] ?? "");
      const event = JSON.parse(data) as UniversalEvent;
      found.events.push(event);
      if (isLast(event)) return found;
    }
  }
  return found;
}

describe("sessions", () => {
  test("the first makes a sandbox; a default reply is told as the original tells it", async () => {
    expect(await ask(200, "GET", "/v1/sessions")).toEqual({ sessions: [] });
    const made = await ask(200, "POST", "/v1/sessions/first", { agent: "mock", title: "T" });
    expect(made).toMatchObject({ healthy: true, nativeSessionId: expect.any(String) });

    const begun = await eventsOf("first");
    expect(begun).toHaveLength(1);
    expect(begun[0]).toMatchObject({
      event_id: "evt_1",
      sequence: 1,
      session_id: "first",
      synthetic: true,
      source: "daemon",
      type: "session.started",
      data: {
        metadata: {
          agent: "mock",
          agentMode: "build",
          permissionMode: "default",
          model: "mock",
          variant: null,
        },
      },
      raw: null,
    });

    const told = await say("first", "hello there");
    expect(told.map(({ type }) => type)).toEqual([
      "turn.started",
      "item.started",
      "item.completed",
      "item.started",
      "item.delta",
      "item.completed",
      "turn.ended",
    ]);
    expect(told.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(told[5]).toMatchObject({
      data: {
        item: {
          item_id: "itm_2",
          kind: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "text", text: expect.stringContaining("hello there") }],
        },
      },
    });
    const { sessions } = await ask<{ sessions: Info[] }>(200, "GET", "/v1/sessions");
    expect(sessions).toMatchObject([
      {
        sessionId: "first",
        agent: "mock",
        agentMode: "build",
        permissionMode: "default",
        model: "mock",
        variant: null,
        ended: false,
        eventCount: 8,
        title: "T",
      },
    ]);
    expect(await ask(200, "GET", "/v1/sessions/first")).toEqual(sessions[0]);
  });

  test("events come in pages, the same at every call, under both names", async () => {
    const all = await eventsOf("first");
    expect(await eventsOf("first")).toEqual(all);
    expect(await ask<Page>(200, "GET", "/v1/sessions/first/events?offset=2&limit=3")).toEqual({
      events: all.slice(2, 5),
      hasMore: true,
    });
    expect(await ask<Page>(200, "GET", "/v1/sessions/first/get-messages?offset=5&limit=3")).toEqual({
      events: all.slice(5),
      hasMore: false,
    });
    expect(await ask(200, "GET", "/v1/sessions/first/events?limit=0")).toEqual({ events: [], hasMore: true });
    expect(await ask(200, "GET", "/v1/sessions/first/events?offset=99")).toEqual({
      events: [],
      hasMore: false,
    });
    const raw = await eventsOf("first", "?includeRaw=true");
    expect(raw.map(({ raw: _raw, ...event }) => event)).toEqual(all.map(({ raw: _raw, ...event }) => event));
    expect(raw.some(({ raw }) => raw !== null)).toBe(true);
    await ask(400, "GET", "/v1/sessions/first/events?includeRaw=1");
  });

  test("a tool is a call and a result with its files", async () => {
    await ask(200, "POST", "/v1/sessions/tools", { agent: "mock" });
    const told = await say("tools", "tool");
    const items = told.flatMap((event) => (event.type === "item.completed" ? [event.data.item] : []));
    const call = items.find(({ kind }) => kind === "tool_call");
    const result = items.findLast(({ kind }) => kind === "tool_result");
    expect(call?.content[0]).toMatchObject({ type: "tool_call", arguments: '{"query":"example"}' });
    expect(result).toMatchObject({ role: "tool", status: "failed", parent_id: call?.item_id });
    expect(result?.content.filter(({ type }) => type === "file_ref")).toMatchObject([
      { action: "write", diff: "@@ -0,0 +1,1 @@\n+mock output\n" },
      { action: "patch", diff: "@@ -1,1 +1,1 @@\n-old\n+new\n" },
    ]);
  });

  test("a permission is asked, listed as pending, answered once and carried out", async () => {
    const stream = server.call("POST", "/v1/sessions/tools/messages/stream", { message: "write a.txt hi" });
    const frames = (await (await stream).text()).split("\n\n").filter((frame) => frame !== "");
    const last = JSON.parse(/^data: (.*)$/m.exec(frames.at(-1) ?? "")?.[1] ?? "null") as UniversalEvent;
    expect(last).toMatchObject({
      type: "permission.requested",
      data: { action: "edit", status: "requested", metadata: { toolName: "edit" } },
    });
    const id = last.type === "permission.requested" ? last.data.permission_id : "";
    expect(await ask(200, "GET", "/v1/sessions/tools/pending")).toMatchObject({
      permissions: [{ permission_id: id }],
      questions: [],
    });
    const path = `/v1/sessions/tools/permissions/${id}/reply`;
    await ask(422, "POST", path, { reply: "maybe" });
    await ask(204, "POST", path, { reply: "once" });
    expect(await ask(400, "POST", path, { reply: "once" })).toMatchObject({
      type: "urn:sandbox-agent:error:invalid_request",
      detail: `invalid request: unknown permission id: ${id}`,
    });
    const told = await until(
      () => eventsOf("tools", `?offset=${last.sequence}`),
      (events) => events.some(({ type }) => type === "turn.ended"),
    );
    expect(told[0]).toMatchObject({
      type: "permission.resolved",
      synthetic: true,
      data: { permission_id: id, action: "edit", status: "accept", metadata: { toolName: "edit" } },
    });
    const file = await server.call("GET", "/v1/fs/file?path=a.txt&sessionId=tools");
    expect(await file.text()).toBe("hi");
  });

  test.each([
    ["reply", { answers: [["Red"]] }, { status: "answered", response: "Red" }],
    ["reject", undefined, { status: "rejected", response: null }],
  ] as const)("a question takes a %s", async (verb, body, resolved) => {
    const offset = (await eventsOf("tools")).length;
    await ask(204, "POST", "/v1/sessions/tools/messages", { message: "question" });
    const asked = await until(
      () => eventsOf("tools", `?offset=${offset}`),
      (events) => events.some(({ type }) => type === "question.requested"),
    );
    const question = asked.find((event) => event.type === "question.requested");
    const id = question?.type === "question.requested" ? question.data.question_id : "";
    expect(question).toMatchObject({
      data: { prompt: "Choose a color", options: ["Red", "Blue"], response: null, status: "requested" },
    });
    await ask(204, "POST", `/v1/sessions/tools/questions/${id}/${verb}`, body);
    expect(await eventsOf("tools", `?offset=${offset}`)).toContainEqual(
      expect.objectContaining({ type: "question.resolved", data: expect.objectContaining(resolved) }),
    );
    await ask(400, "POST", `/v1/sessions/tools/questions/${id}/reject`);
    await ask(204, "POST", "/v1/sessions/tools/abort");
    await until(
      () => eventsOf("tools", `?offset=${offset}`),
      (events) => events.some(({ type }) => type === "turn.ended"),
    );
    await ask(204, "POST", "/v1/sessions/tools/abort");
  });

  test("a stream replays from an offset, goes on live, and takes Last-Event-ID over its address", async () => {
    await ask(200, "POST", "/v1/sessions/live", { agent: "mock" });
    await say("live", "echo one");
    const all = await eventsOf("live");
    const ended = (event: UniversalEvent): boolean =>
      event.type === "turn.ended" && event.sequence > all.length;
    const reading = readStream("/v1/sessions/live/events/sse?offset=3", ended);
    const told = await say("live", "echo two");
    const { ids, events } = await reading;
    expect(events).toEqual([...all, ...told].slice(3));
    expect(ids).toEqual(events.map(({ sequence }) => String(sequence)));

    const again = await readStream("/v1/sessions/live/events/sse?offset=0", ended, {
      headers: { "last-event-id": String(all.length) },
    });
    expect(again.events).toEqual(told);
  });

  test("a turn's stream ends with the turn, behind a turn that runs already", async () => {
    await ask(204, "POST", "/v1/sessions/live/messages", { message: "sleep 1" });
    const response = await server.call("POST", "/v1/sessions/live/messages/stream?includeRaw=true", {
      message: "echo three",
    });
    const frames = (await response.text()).split("\n\n").filter((frame) => frame.includes("data: "));
    const events = frames.map(
      (frame) => JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "") as UniversalEvent,
    );
    expect(events.at(-1)?.type).toBe("turn.ended");
    expect(JSON.stringify(events)).toContain("three");
  });

  test("terminate is told once; nothing may be sent after it", async () => {
    await ask(200, "POST", "/v1/sessions/over", { agent: "mock" });
    await ask(204, "POST", "/v1/sessions/over/terminate");
    await ask(204, "POST", "/v1/sessions/over/terminate");
    const ended = (await eventsOf("over")).filter(({ type }) => type === "session.ended");
    expect(ended).toMatchObject([
      { synthetic: true, data: { reason: "terminated", terminated_by: "daemon" } },
    ]);
    expect(await ask<Info>(200, "GET", "/v1/sessions/over")).toMatchObject({ ended: true });
    for (const path of ["messages", "messages/stream"]) {
      expect(await ask(400, "POST", `/v1/sessions/over/${path}`, { message: "x" })).toMatchObject({
        detail: "invalid request: session terminated",
      });
    }
  });

  test("a failed turn tells the error before its end", async () => {
    await ask(200, "POST", "/v1/sessions/crash", { agent: "mock" });
    const told = await say("crash", "crash");
    expect(told.at(-2)).toMatchObject({ type: "error", data: { message: expect.any(String) } });
    expect(told.at(-1)?.type).toBe("turn.ended");
  });

  test("attachments go to the agent", async () => {
    const offset = (await eventsOf("live")).length;
    const attachments = [{ path: "src/a.txt", mime: "text/plain", filename: null }];
    await ask(204, "POST", "/v1/sessions/live/messages", { message: "echo look", attachments });
    const events = await until(
      () => eventsOf("live", `?offset=${offset}`),
      (found) => found.some(({ type }) => type === "turn.ended"),
    );
    expect(events[1]).toMatchObject({
      data: {
        item: { content: [{ type: "text" }, { type: "file_ref", path: "src/a.txt", action: "read" }] },
      },
    });
  });
});

describe("scopes", () => {
  test("a sandbox has an API of its own, which knows its own sessions only", async () => {
    await ask(202, "POST", "/api/v1/sandboxes", { name: "own" });
    await until(
      () => ask<{ state: string }>(200, "GET", "/api/v1/sandboxes/own"),
      ({ state }) => state === "running",
    );
    await ask(200, "POST", "/sandboxes/own/v1/sessions/inside", { agent: "mock" });
    const { sessions } = await ask<{ sessions: Info[] }>(200, "GET", "/sandboxes/own/v1/sessions");
    expect(sessions).toMatchObject([{ sessionId: "inside", sandbox: "own" }]);
    await ask(200, "GET", "/v1/sessions/inside");
    await ask(404, "GET", "/sandboxes/own/v1/sessions/first");
    await ask(400, "GET", "/sandboxes/none/v1/sessions");

    await ask(200, "POST", "/v1/sessions/there", { agent: "mock", sandbox: "own" });
    expect(await ask<Info>(200, "GET", "/v1/sessions/there")).toMatchObject({ sandbox: "own" });
  });

  test("a session of the page is known by Sandbar's id", async () => {
    const { id } = await ask<{ id: string }>(201, "POST", "/api/v1/sandboxes/own/sessions", {});
    expect(await ask<Info>(200, "GET", `/v1/sessions/${id}`)).toMatchObject({ sessionId: id, eventCount: 1 });
  });
});

describe("agents", () => {
  test("are listed in the original's order with all 18 flags", async () => {
    type Agents = { agents: { id: string; installed: boolean; capabilities: object }[] };
    const { agents } = await ask<Agents>(200, "GET", "/v1/agents");
    expect(agents.slice(0, 5).map(({ id }) => id)).toEqual(["claude", "codex", "opencode", "amp", "mock"]);
    for (const { capabilities } of agents) expect(Object.keys(capabilities)).toHaveLength(18);
    expect(agents[4]).toMatchObject({ installed: true, credentialsAvailable: true });
  });

  test("have modes and models, and the mock installs at once", async () => {
    expect(await ask(200, "GET", "/v1/agents/mock/modes")).toMatchObject({
      modes: [{ id: "build" }, { id: "plan" }],
    });
    expect(await ask(200, "GET", "/v1/agents/mock/models")).toMatchObject({
      models: [{ id: "mock" }, { id: "mock-fast" }],
      defaultModel: "mock",
    });
    await ask(204, "POST", "/v1/agents/mock/install", {});
    for (const what of ["modes", "models"]) {
      expect(await ask(400, "GET", `/v1/agents/nobody/${what}`)).toMatchObject({
        type: "urn:sandbox-agent:error:unsupported_agent",
        title: "Unsupported Agent",
        status: 400,
        detail: "unsupported agent: nobody",
        agent: "nobody",
      });
    }
  });
});

describe("options of a new session", () => {
  test("are checked as the original checks them", async () => {
    const cases: [body: object, status: number, word: string][] = [
      [{ agent: "nobody" }, 400, "unsupported_agent"],
      [{ agent: "Mock" }, 400, "unsupported_agent"],
      [{ agent: "claude" }, 404, "agent_not_installed"],
      [{ agent: "mock", agentMode: "code" }, 400, "mode_not_supported"],
      [{ agent: "mock", permissionMode: "auto" }, 400, "invalid_request"],
      [{ agent: "amp", permissionMode: "plan" }, 400, "mode_not_supported"],
      [{ agent: "mock", mcp: { x: { type: "pipe", command: "x" } } }, 422, "invalid_request"],
      [{ agent: "mock", mcp: { x: { type: "local", command: [] } } }, 400, "invalid_request"],
      [{ agent: "mock", skills: ["x"] }, 422, "invalid_request"],
      [{ agent: "mock", skills: { sources: [{ type: "ftp", source: "x" }] } }, 400, "invalid_request"],
      [{ agent: "mock", skills: { sources: [{ type: "local", source: "none" }] } }, 400, "invalid_request"],
      [{}, 422, "invalid_request"],
    ];
    for (const [body, status, word] of cases) {
      expect(await ask(status, "POST", "/v1/sessions/refused", body), JSON.stringify(body)).toMatchObject({
        type: `urn:sandbox-agent:error:${word}`,
        status,
      });
    }
    await ask(404, "GET", "/v1/sessions/refused");
  });

  test("are echoed, and the folder is used when it is one of the sandbox", async () => {
    const body = {
      agent: "mock",
      agentMode: "plan",
      permissionMode: "acceptEdits",
      model: "mock-fast",
      variant: "low",
      directory: "/somewhere/else",
      mcp: {
        files: { type: "local", command: ["files", "--all"], args: ["."], environment: { A: "1" } },
        web: { type: "http", url: "https://mcp.example", headers: { k: "v" } },
        off: { type: "local", command: "off", enabled: false },
      },
      skills: { sources: [{ type: "local", source: "./skills", skills: ["greet"] }] },
      sandbox: "own",
    };
    await server.call("PUT", "/sandboxes/own/v1/fs/file?path=skills/greet/SKILL.md", undefined, {
      body: "greet",
    });
    await ask(200, "POST", "/v1/sessions/a%2Fb", body);
    const { sandbox: _sandbox, permissionMode: _mode, ...echoed } = body;
    expect(await ask(200, "GET", "/v1/sessions/a%2Fb")).toMatchObject({
      sessionId: "a/b",
      ...echoed,
      permissionMode: "default",
    });
    type Listed = { id: string; metadata: { rest_session_id?: string } };
    const listed = await ask<Listed[]>(200, "GET", "/api/v1/sessions");
    const { id } = listed.find(({ metadata }) => metadata.rest_session_id === "a/b")!;
    type Exchange = { body: { method?: string; params?: object } | null };
    const sent = await ask<Exchange[]>(200, "GET", `/api/v1/sessions/${id}/exchanges`);
    expect(
      sent.find(({ body }) => body?.method === "session/new")?.body?.params,
      "what the agent gets",
    ).toMatchObject({
      mcpServers: [
        { name: "files", command: "files", args: ["--all", "."], env: [{ name: "A", value: "1" }] },
        { type: "http", name: "web", url: "https://mcp.example", headers: [{ name: "k", value: "v" }] },
      ],
    });
    for (const folder of [".agents/skills", ".claude/skills", ".opencode/skill"]) {
      const skill = await server.call("GET", `/sandboxes/own/v1/fs/file?path=${folder}/greet/SKILL.md`);
      expect(await skill.text(), folder).toBe("greet");
    }
  });

  test("an id is taken once, also by two calls at once", async () => {
    const statuses = await Promise.all(
      [1, 2].map(
        async () =>
          (await server.call("POST", "/v1/sessions/twice", { agent: "mock", sandbox: "own" })).status,
      ),
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await ask(409, "POST", "/v1/sessions/twice", { agent: "mock" })).toMatchObject({
      type: "urn:sandbox-agent:error:session_already_exists",
      sessionId: "twice",
    });
  });
});

describe("files", () => {
  const fs = "/sandboxes/own/v1/fs";
  test("are written, listed, moved, read and removed", async () => {
    const put = await server.call("PUT", `${fs}/file?path=deep/a.txt`, undefined, { body: "hello" });
    const written = (await put.json()) as { path: string; bytesWritten: number };
    expect(written.bytesWritten).toBe(5);
    expect(written.path.endsWith("/deep/a.txt")).toBe(true);
    expect(
      await (await server.call("GET", `${fs}/file?path=${encodeURIComponent(written.path)}`)).text(),
    ).toBe("hello");
    await ask(200, "POST", `${fs}/mkdir?path=other/inner`);
    await ask(200, "POST", `${fs}/move`, { from: "deep/a.txt", to: "other/b.txt" });
    expect(await ask(200, "GET", `${fs}/entries?path=other`)).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ name: "b.txt", entryType: "file", size: 5 }),
        expect.objectContaining({ name: "inner", entryType: "directory" }),
      ]),
    );
    expect(await ask(200, "GET", `${fs}/stat?path=other/b.txt`)).toMatchObject({
      entryType: "file",
      size: 5,
    });
    await ask(502, "DELETE", `${fs}/entry?path=other`);
    await ask(200, "DELETE", `${fs}/entry?path=other&recursive=true`);
    expect(await ask(400, "GET", `${fs}/stat?path=other`)).toMatchObject({
      detail: "invalid request: path not found: other",
    });
  });

  test("nothing outside the sandbox is reached", async () => {
    for (const path of ["../../sandbox.json", "/etc/passwd", "deep/../../x"]) {
      await ask(400, "GET", `${fs}/stat?path=${encodeURIComponent(path)}`);
      await ask(400, "POST", `${fs}/mkdir?path=${encodeURIComponent(path)}`);
      await ask(400, "POST", `${fs}/move`, { from: "deep", to: path });
    }
  });

  test("an archive is unpacked, and must be one", async () => {
    const { execFileSync } = await import("node:child_process");
    const folder = server.data_dir;
    const long = `${"x".repeat(120)}.txt`;
    execFileSync("sh", ["-c", `mkdir -p up/sub && echo one > up/one && echo two > up/sub/${long}`], {
      cwd: folder,
    });
    const archive = execFileSync("tar", ["-C", folder, "-cf", "-", "up"]);
    const upload = (body: Uint8Array, type = "application/x-tar") =>
      server.call("POST", `${fs}/upload-batch?path=got`, undefined, {
        body,
        headers: { "content-type": type },
      });
    const done = await upload(archive);
    expect(done.status).toBe(200);
    expect(await done.json()).toMatchObject({ truncated: false });
    expect(await (await server.call("GET", `${fs}/file?path=got/up/sub/${long}`)).text()).toBe("two\n");
    expect((await upload(archive, "application/gzip")).status).toBe(400);
    expect((await upload(archive.subarray(0, 700))).status).toBe(400);
  });
});

describe("the surface", () => {
  test("health needs no token; the rest takes it in each scheme", async () => {
    expect(await (await fetch(`${server.url}/v1/health`)).json()).toEqual({ status: "ok" });
    const without = await fetch(`${server.url}/v1/sessions`);
    expect(without.status).toBe(401);
    expect(await without.json()).toEqual({
      type: "urn:sandbox-agent:error:token_invalid",
      title: "Token Invalid",
      status: 401,
      detail: "token invalid",
      details: { message: "missing or invalid token" },
    });
    const basic = Buffer.from(`anyone:${TEST_TOKEN}`).toString("base64");
    for (const authorization of [`bearer ${TEST_TOKEN}`, `Token ${TEST_TOKEN}`, `Basic ${basic}`]) {
      const response = await fetch(`${server.url}/v1/agents`, { headers: { authorization } });
      expect(response.status, authorization.split(" ")[0]).toBe(200);
    }
  });

  test("bodies that cannot be read have the original's statuses", async () => {
    const path = "/v1/sessions/first/messages";
    const json = { "content-type": "application/json" };
    const statuses: number[] = [];
    for (const init of [{ body: "{}" }, { body: "{", headers: json }, { body: "{}", headers: json }])
      statuses.push((await server.call("POST", path, undefined, init)).status);
    expect(statuses).toEqual([415, 400, 422]);
  });

  test("a wrong method is 405 with the right ones; an unknown path 404 as text", async () => {
    const wrong = await server.call("DELETE", "/v1/sessions/first");
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST,GET");
    const unknown = await server.call("GET", "/v1/nothing");
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get("content-type")).toContain("text/plain");
    expect((await unknown.text()).startsWith("404 Not Found")).toBe(true);
  });
});
