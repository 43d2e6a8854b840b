import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, TEST_TOKEN, type TestServer } from "#src/testing/test-server.ts";
import { until } from "#src/testing/test-wait.ts";

/** The Sessions API as its page documents it (specs/sessions-api-v1.md, sections 1 to 5, with section 7's choices). */

type Box = { id: string; state: string; name: string };
type Sess = { id: string; state: string; messages: Message[]; metadata: Record<string, unknown> };
type Message = { id: string; session_id: string; role: string; content: Block[]; timestamp: string };
type Block = { type: string; text?: string; name?: string; is_error?: boolean };

const BASE = "/api/v1";
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ask = <T = unknown>(status: number, method: string, path: string, body?: unknown): Promise<T> =>
  server.ask<T>(status, method, `${BASE}${path}`, body);

async function running(name: string, spec: object = {}): Promise<Box> {
  await ask(202, "POST", "/sandboxes", { name, agent_provider: "mock", ...spec });
  return until(
    () => ask<Box>(200, "GET", `/sandboxes/${name}`),
    ({ state }) => state === "running",
  );
}

const newSession = async (sandbox: string): Promise<Sess> =>
  ask<Sess>(201, "POST", `/sandboxes/${sandbox}/sessions`, { metadata: { origin: "test" } });

const text = (message: Message): string => message.content.map((block) => block.text ?? "").join("");

type Frame = { id: string | undefined; event: string | undefined; data: string };

function framesOf(body: string): Frame[] {
  return body
    .split("\n\n")
    .filter((frame) => /^data:/m.test(frame))
    .map((frame) => ({
      id: /^id: (.*)$/m.exec(frame)?.[1],
      event: /^event: (.*)$/m.exec(frame)?.[1],
      data: [...frame.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join("\n"),
    }));
}

/** Reads a stream until its frames pass, then hangs up. */
async function readUntil(path: string, passes: (frames: Frame[]) => boolean): Promise<Frame[]> {
  const response = await server.call("GET", `${BASE}${path}`);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  let body = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    body += decoder.decode(chunk, { stream: true });
    const frames = framesOf(body);
    if (passes(frames)) return frames;
  }
  throw new Error(`the stream ended: ${body}`);
}

describe("access", () => {
  test("a key works as Bearer and as X-API-Key, and never in an address", async () => {
    const status = async (init: RequestInit, path = "/sandboxes") =>
      (await fetch(`${server.url}${BASE}${path}`, init)).status;
    expect(await status({ headers: { authorization: `Bearer ${TEST_TOKEN}` } })).toBe(200);
    expect(await status({ headers: { "x-api-key": TEST_TOKEN } })).toBe(200);
    expect(await status({}, `/sandboxes?token=${TEST_TOKEN}`)).toBe(401);
    expect(await status({ headers: { "x-api-key": "wrong" } })).toBe(401);
    const body = await (await fetch(`${server.url}${BASE}/sandboxes`)).json();
    expect(body).toEqual({ error: { code: "unauthorized", message: expect.any(String) } });
  });

  test("health and readiness stand outside the prefix", async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });
});

describe("sandboxes", () => {
  test("are made, listed, stopped, started and deleted", async () => {
    const made = await ask(202, "POST", "/sandboxes", { name: "life", agent_provider: "mock" });
    expect(made).toEqual({
      id: expect.any(String),
      sandbox_id: expect.any(String),
      state: "pending",
      status: "provisioning",
      name: "life",
      agent_provider: "mock",
    });
    const box = await until(
      () => ask<Box>(200, "GET", "/sandboxes/life"),
      ({ state }) => state === "running",
    );
    for (const key of ["persistence", "endpoint_url", "resource_stats", "labels", "created_at", "spec"])
      expect(box).toHaveProperty(key);
    expect(await ask<Box[]>(200, "GET", "/sandboxes?state=running&provider=mock")).toHaveLength(1);
    expect(await ask(409, "POST", "/sandboxes", { name: "life" })).toMatchObject({
      error: { code: "sandbox_already_exists" },
    });
    expect(await ask(200, "POST", "/sandboxes/life/stop")).toEqual({ status: "stopped" });
    expect(await ask(409, "POST", "/sandboxes/life/exec", { command: ["true"] })).toMatchObject({
      error: { code: "sandbox_invalid_state" },
    });
    expect(await ask(200, "POST", "/sandboxes/life/start")).toEqual({ status: "running" });
    await ask(204, "DELETE", "/sandboxes/life");
    expect(await ask(404, "GET", "/sandboxes/none")).toMatchObject({ error: { code: "sandbox_not_found" } });
  });

  test("run commands, at once and as a stream", async () => {
    await running("work");
    const command = ["sh", "-c", 'echo "one $X"; echo two; echo bad >&2; exit 3'];
    const body = { command, env: { X: "1" } };
    expect(await ask(200, "POST", "/sandboxes/work/exec", body)).toEqual({
      exit_code: 3,
      stdout: "one 1\ntwo\n",
      stderr: "bad\n",
      duration_ms: expect.any(Number),
    });
    const stream = await server.call("POST", `${BASE}/sandboxes/work/exec/stream`, body);
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    expect(framesOf(await stream.text()).map(({ data }) => JSON.parse(data))).toEqual([
      { type: "stdout", text: "one 1" },
      { type: "stdout", text: "two" },
      { type: "stderr", text: "bad" },
      { type: "exit", code: 3, exit_code: 3, duration_ms: expect.any(Number) },
    ]);
    await ask(400, "POST", "/sandboxes/work/exec/stream", { command: [] });
    await ask(404, "POST", "/sandboxes/none/exec/stream", { command: ["true"] });
  });

  test("keep files, with folders in their paths", async () => {
    const file = `${BASE}/sandboxes/work/files/deep/in%20here/a.txt`;
    expect((await server.call("PUT", file, undefined, { body: "hello" })).status).toBe(200);
    const got = await server.call("GET", file);
    expect(got.headers.get("content-type")).toBe("application/octet-stream");
    expect(await got.text()).toBe("hello");
    expect(await ask(200, "GET", "/sandboxes/work/files?path=deep/in%20here")).toMatchObject([
      { path: "deep/in here/a.txt", size: 5, is_dir: false },
    ]);
    expect((await server.call("DELETE", `${BASE}/sandboxes/work/files/deep`)).status).toBe(204);
    const gone = await server.call("GET", file);
    expect(gone.status).toBe(404);
    expect(await gone.json()).toMatchObject({ error: { code: "file_not_found" } });
    for (const method of ["GET", "PUT", "DELETE"]) {
      const outside = await server.call(
        method,
        `${BASE}/sandboxes/work/files/..%2f..%2fsandbox.json`,
        undefined,
        method === "PUT" ? { body: "x" } : {},
      );
      expect(outside.status, method).toBe(400);
    }
  });

  test("show their log, and follow it", async () => {
    await running("logged", { setup_script: "for n in 1 2 3; do echo line $n; done" });
    const { logs } = await ask<{ logs: string[] }>(200, "GET", "/sandboxes/logged/logs?tail=1000");
    expect(logs.join("\n")).toContain("line 2");
    const frames = await readUntil(
      "/sandboxes/logged/logs?follow=true&tail=1000",
      (read) => read.length >= 3,
    );
    expect(frames.map(({ data }) => data).join("\n")).toContain("line 2");
    expect(frames.every(({ event }) => event === undefined)).toBe(true);
  });

  test("tell what happened to them as a stream", async () => {
    await ask(202, "POST", "/sandboxes", { name: "told", agent_provider: "mock" });
    const seen = (frames: Frame[]): boolean => frames.some(({ event }) => event === "provisioning_complete");
    const frames = await readUntil("/sandboxes/told/stream?last_event_id=0", seen);
    const envelope = JSON.parse(frames.find(({ event }) => event === "provisioning_step")?.data ?? "null");
    expect(envelope).toMatchObject({
      event_type: "provisioning_step",
      session_id: null,
      data: { step: "validate" },
    });
  });
});

describe("sessions", () => {
  test("are made, listed and read with their messages; a send waits for the answer", async () => {
    await running("talk");
    const made = await newSession("talk");
    expect(made).toMatchObject({ state: "active", metadata: { origin: "test" } });
    const answer = await ask<Message>(200, "POST", `/sessions/${made.id}/messages`, {
      role: "user",
      content: [{ type: "text", text: "echo hello" }],
    });
    expect(answer).toMatchObject({ session_id: made.id, role: "assistant" });
    expect(text(answer)).toBe("hello");
    expect(
      text(await ask<Message>(200, "POST", `/sessions/${made.id}/messages`, { message: "echo short" })),
    ).toBe("short");
    expect(await ask<Sess[]>(200, "GET", "/sandboxes/talk/sessions")).toMatchObject([{ id: made.id }]);
    const { messages } = await ask<Sess>(200, "GET", `/sessions/${made.id}`);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(messages[1]).toEqual(answer);
    expect(await ask(404, "GET", "/sessions/none")).toMatchObject({ error: { code: "session_not_found" } });
  });

  test("an assistant's message holds its tools in the order they came", async () => {
    const { id } = await newSession("talk");
    const answer = await ask<Message>(200, "POST", `/sessions/${id}/messages`, { message: "tool" });
    expect(answer.content.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["tool_use", "tool_result"]),
    );
    const result = answer.content.find(({ type }) => type === "tool_result");
    expect(result).toMatchObject({ is_error: true });
  });

  test.each(["respond-async", "wait=5, respond-async", "Respond-Async; wait=5"])(
    "with Prefer: %s the user's message comes back at once",
    async (prefer) => {
      const { id } = await newSession("talk");
      const sent = await server.call(
        "POST",
        `${BASE}/sessions/${id}/messages`,
        { message: "sleep 1" },
        {
          headers: { prefer },
        },
      );
      expect(sent.status).toBe(202);
      expect(await sent.json()).toMatchObject({ role: "user", content: [{ text: "sleep 1" }] });
      expect(await ask(200, "POST", `/sessions/${id}/interrupt`)).toEqual({ status: "interrupted" });
    },
  );

  test("images are content", async () => {
    const { id } = await newSession("talk");
    const image = { type: "image", media_type: "image/png", data: "iVBORw0KGgo=" };
    await ask(200, "POST", `/sessions/${id}/messages`, {
      role: "user",
      content: [{ type: "text", text: "echo seen" }, image],
    });
    const { messages } = await ask<Sess>(200, "GET", `/sessions/${id}`);
    expect(messages[0]?.content).toEqual([{ type: "text", text: "echo seen" }, image]);
    await ask(400, "POST", `/sessions/${id}/messages`, { role: "user", content: [] });
  });

  test("the stream has its events under their names, with one end for the turn", async () => {
    const { id } = await newSession("talk");
    const reading = readUntil(`/sessions/${id}/stream?last_event_id=0`, (frames) =>
      frames.some(({ event }) => event === "session_completed"),
    );
    await ask(200, "POST", `/sessions/${id}/messages`, { message: "tool" });
    const frames = await reading;
    const names = frames.map(({ event }) => event);
    expect(names).toEqual(expect.arrayContaining(["user_message", "tool_use_start", "session_completed"]));
    for (const { id: frame_id, event, data } of frames) {
      if (event === "resume") continue;
      const envelope = JSON.parse(data);
      expect(envelope.event_type).toBe(event);
      expect(envelope.id).toBe(frame_id);
      expect(envelope).toHaveProperty("timestamp");
    }
    const end = frames.find(({ event }) => event === "session_completed");
    expect(JSON.parse(end?.data ?? "null").data.session_id).toBe(id);
  });

  test("a second message waits its turn and can be taken back", async () => {
    const { id } = await newSession("talk");
    const later = { headers: { prefer: "respond-async" } };
    await server.call("POST", `${BASE}/sessions/${id}/messages`, { message: "sleep 5" }, later);
    const sent = await server.call(
      "POST",
      `${BASE}/sessions/${id}/messages`,
      { message: "echo next" },
      later,
    );
    const { id: message_id } = (await sent.json()) as Message;
    expect(await ask(200, "GET", `/sessions/${id}/queue`)).toMatchObject({
      messages: [{ id: message_id, role: "user", prompt_text: "echo next" }],
      processing: true,
      queue_length: 1,
    });
    expect(await ask(200, "DELETE", `/sessions/${id}/queue/${message_id}`)).toMatchObject({
      status: "cancelled",
      queue_length: 0,
    });
    await ask(200, "POST", `/sessions/${id}/interrupt`);
  });

  test("permissions and questions are answered; a second answer is refused", async () => {
    const { id } = await newSession("talk");
    type Pending = { items: { id: string }[] };
    const pending = async (): Promise<string> => {
      const { items } = await until(
        () => ask<Pending>(200, "GET", `/sessions/${id}/pending`),
        (found) => found.items.length > 0,
      );
      return items[0]!.id;
    };
    const write = ask<Message>(200, "POST", `/sessions/${id}/messages`, { message: "write a.txt hi" });
    const path = `/sessions/${id}/permissions/${await pending()}/respond`;
    expect(await ask(200, "POST", path, { approved: true })).toEqual({ status: "ok", approved: true });
    await ask(409, "POST", path, { approved: false });
    expect((await write).role).toBe("assistant");
    const asking = ask(200, "POST", `/sessions/${id}/messages`, { message: "question" });
    const question = await pending();
    expect(
      await ask(200, "POST", `/sessions/${id}/user-input/${question}/respond`, { answer: "Red" }),
    ).toEqual({
      status: "ok",
    });
    await ask(409, "POST", `/sessions/${id}/user-input/${question}/respond`, { answer: "Red" });
    await ask(200, "POST", `/sessions/${id}/user-input/${await pending()}/reject`);
    await asking;
  });

  test("the permission mode is the nearest that the agent offers", async () => {
    const { id } = await newSession("talk");
    const path = `/sessions/${id}/permissions`;
    const mode = async (): Promise<unknown> =>
      (await ask<{ options: { id: string; value: unknown }[] }>(200, "GET", `/sessions/${id}`)).options.find(
        (option) => option.id === "mode",
      )?.value;
    expect(await ask(200, "POST", path, { mode: "plan_only" })).toEqual({ status: "ok", mode: "plan_only" });
    expect(await mode()).toBe("plan");
    await ask(200, "POST", path, { mode: "approve_all" });
    expect(await mode()).toBe("normal");
    expect(await ask(400, "POST", path, { mode: "unrestricted" })).toMatchObject({
      error: { code: "unsupported", message: expect.stringContaining("normal, plan") },
    });
    await ask(400, "POST", path, { mode: "plan_only", always_allow: ["Bash"] });
  });

  test("skills are noted in the metadata", async () => {
    const { id } = await newSession("talk");
    const active_skills = ["review"];
    expect(await ask(200, "POST", `/sessions/${id}/skills`, { active_skills })).toEqual({
      status: "ok",
      active_skills,
    });
    expect(await ask<Sess>(200, "GET", `/sessions/${id}`)).toMatchObject({
      metadata: { origin: "test", active_skills },
    });
  });
});

describe("credentials", () => {
  test("are kept, listed and deleted without their values, and become variables", async () => {
    type Credential = { id: string; name: string };
    const made: Credential[] = [];
    for (const body of [
      { name: "my-service key", value: "value-of-service" },
      { name: "repo", credential_type: "git_token", data: { token: "value-of-git" } },
      { name: "many", credential_type: "env_vars", data: { ONE: "1", TWO: "2" } },
    ]) {
      made.push(await ask<Credential>(201, "POST", "/credentials", body));
    }
    expect(made[0]).toEqual({
      id: expect.any(String),
      name: "my-service key",
      credential_type: "api_key",
      labels: {},
      created_at: expect.any(String),
      expires_at: null,
    });
    expect(await ask(200, "GET", `/credentials/${made[1]!.id}`)).toMatchObject({
      credential_type: "git_token",
    });
    const listed = JSON.stringify(await ask(200, "GET", "/credentials"));
    expect(listed).toContain("my-service key");
    expect(listed).not.toContain("value-of");

    await running("with-keys", { credentials: made.map(({ id }) => id) });
    const command = ["sh", "-c", 'echo "$MY_SERVICE_KEY" "$GIT_TOKEN" "$ONE$TWO" | wc -c'];
    const { stdout } = await ask<{ stdout: string }>(200, "POST", "/sandboxes/with-keys/exec", { command });
    expect(Number(stdout)).toBe("value-of-service value-of-git 12\n".length);

    await ask(400, "POST", "/credentials", { name: "empty" });
    await ask(400, "POST", "/credentials", { name: "bad", credential_type: "env_vars", value: "no" });
    await ask(409, "POST", "/credentials", { name: "repo", value: "x" });
    await ask(204, "DELETE", `/credentials/${made[0]!.id}`);
    expect(await ask(404, "GET", `/credentials/${made[0]!.id}`)).toMatchObject({
      error: { code: "credential_not_found" },
    });
  });
});
