import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, TEST_TOKEN, type TestServer } from "#src/testing/test-server.ts";
import { until } from "#src/testing/test-wait.ts";

type Box = { id: string; name: string; state: string; status: string; setup_status: string | null };
type Chat = { session_id: string; response: string; is_error: boolean; is_new_session: boolean };
type Sess = { id: string; status: string; ended_at: string | null; metadata: Record<string, unknown> };

const BASE = "/api/v0beta1";
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ask = <T>(status: number, method: string, path: string, body?: unknown): Promise<T> =>
  server.ask<T>(status, method, `${BASE}${path}`, body);

/** The SDK's wait: polls until the state is one of these; `failed` ends it. */
function waitFor(name: string, ...states: string[]): Promise<Box> {
  return until(
    async () => {
      const box = await ask<Box>(200, "GET", `/sandboxes/${name}`);
      if (box.state === "failed") throw new Error(JSON.stringify(box));
      return box;
    },
    ({ state }) => states.includes(state),
  );
}

async function running(name: string): Promise<Box> {
  await ask(202, "POST", "/sandboxes", { name });
  return waitFor(name, "active", "running", "started");
}

describe("sandboxes", () => {
  test("are made, waited for, stopped, started and deleted as the SDK does it", async () => {
    const made = await ask<Box>(202, "POST", "/sandboxes", {
      name: "red-oslo",
      provider: "daytona",
      preset: "coder-dind",
      size: "xl",
      snapshot: null,
      auto_stop_interval: 30,
      auto_delete_interval: -1,
      github_auth_mode: "pat",
      workflow: { enabled: false },
      integration_ids: [],
    });
    expect(made).toMatchObject({
      name: "red-oslo",
      provider: "daytona",
      sandbox_preset: "coder-dind",
      sandbox_size: "xl",
      snapshot: null,
      repo_url: null,
      branch: null,
      services: [],
      auto_delete_interval: -1,
      github_auth_mode: "pat",
      state: "initializing",
      status: "creating",
      setup_status: null,
      resolved_agent_credentials: [],
    });
    const required =
      "id user_id org_id name provider provider_sandbox_id provider_url amika_opencode_web repo_name repo_provider repo_id repo_url branch commit_hash snapshot current_session_id services created_at updated_at";
    for (const key of required.split(" ")) expect(made).toHaveProperty(key);

    const ready = await waitFor("red-oslo", "started");
    expect(ready).toMatchObject({ id: made.id, status: "running", setup_status: "ok" });
    expect(await ask<Box[]>(200, "GET", "/sandboxes")).toContainEqual(
      expect.objectContaining({ id: made.id }),
    );

    expect(await ask(202, "POST", `/sandboxes/${made.id}/stop`)).toEqual({ ok: true });
    const next = await ask<Box>(200, "GET", "/sandboxes/red-oslo");
    expect(["stopping", "stopped"], "a stop that was accepted shows at once").toContain(next.state);
    expect(await waitFor("red-oslo", "stopped")).toMatchObject({ status: "suspended" });
    await ask(409, "POST", `/sandboxes/${made.id}/stop`);

    expect(await ask(202, "POST", "/sandboxes/red-oslo/start?skip_start_script=true")).toEqual({ ok: true });
    await waitFor("red-oslo", "started");
    expect(await ask(409, "POST", "/sandboxes/red-oslo/start")).toMatchObject({
      error_code: "sandbox_invalid_state",
    });

    const { events, count } = await ask<{ events: { step: string }[]; count: number }>(
      200,
      "GET",
      "/sandboxes/red-oslo/lifecycle-events",
    );
    expect(count).toBe(events.length);
    expect(events.map(({ step }) => step)).toContain("start_sandbox");

    expect(await ask(200, "DELETE", "/sandboxes/red-oslo")).toEqual({ ok: true });
    await ask(404, "GET", `/sandboxes/${made.id}`);
    await ask(404, "DELETE", "/sandboxes/red-oslo");
  });

  test("without a name get one; a taken name is 409", async () => {
    const { name } = await ask<Box>(202, "POST", "/rigs", {});
    expect(name).toMatch(/^[a-z0-9-]{3,40}$/);
    expect(await ask(409, "POST", "/sandboxes", { name })).toMatchObject({
      type: "error",
      error_code: "sandbox_already_exists",
    });
    await waitFor(name, "started");
    await ask(200, "DELETE", `/rigs/${name}`);
  });

  test("tell a failed setup in all three tracks", async () => {
    await ask(202, "POST", "/sandboxes", { name: "bad-setup", setup_script_text: "echo no; exit 3" });
    const failed = await until(
      () => ask<Box & { error_message: string }>(200, "GET", "/sandboxes/bad-setup"),
      ({ state }) => state === "failed",
    );
    expect(failed).toMatchObject({ status: "failed", setup_status: "setup-failed" });
    expect(failed.error_message).toContain("3");
    await ask(200, "DELETE", "/sandboxes/bad-setup");
  });

  test("get variables, secrets and credentials from the vault", async () => {
    await ask(201, "POST", "/secrets", { name: "db", value: "s3cret-of-the-vault", scope: "user" });
    const key = { name: "work", value: "sk-key-of-the-vault", type: "api_key" };
    await ask(201, "POST", "/secrets/claude", key);
    const wanted = {
      name: "with-env",
      env_vars: { PLAIN: "yes" },
      secret_env_vars: { DB: "db" },
      agent_credentials: [{ kind: "claude" }, { kind: "codex", none: true }, { kind: "amp" }],
      agent: "mock",
    };
    expect(await ask(202, "POST", "/sandboxes", wanted)).toMatchObject({
      secret_names: ["db"],
      resolved_agent_credentials: [
        { kind: "claude", outcome: "resolved", name: "work", type: "api_key", source: "default:api_key" },
        { kind: "codex", outcome: "skipped", reason: "request:none" },
        { kind: "amp", outcome: "skipped", reason: "no_user_credential" },
      ],
    });
    await waitFor("with-env", "started");
    const command = ["sh", "-c", 'printf %s "$PLAIN:${#DB}:${#ANTHROPIC_API_KEY}"'];
    const { stdout } = await server.ask<{ stdout: string }>(200, "POST", "/api/v1/sandboxes/with-env/exec", {
      command,
    });
    expect(stdout).toBe("yes:19:19");

    const auth = JSON.stringify({ tokens: { access_token: "codex-token-of-the-vault" } });
    await ask(201, "POST", "/secrets/codex", { name: "chatgpt", value: auth, type: "oauth" });
    const signedIn = { name: "signed-in", agent_credentials: [{ kind: "codex" }], agent: "mock" };
    expect(await ask(202, "POST", "/sandboxes", signedIn)).toMatchObject({
      resolved_agent_credentials: [{ kind: "codex", outcome: "resolved", type: "oauth" }],
    });
    await waitFor("signed-in", "started");
    for (const again of [false, true]) {
      if (again) {
        await ask(202, "POST", "/sandboxes/signed-in/stop");
        await waitFor("signed-in", "stopped");
        await ask(202, "POST", "/sandboxes/signed-in/start");
        await waitFor("signed-in", "started");
      }
      const file = await server.ask<{ stdout: string }>(200, "POST", "/api/v1/sandboxes/signed-in/exec", {
        command: ["sh", "-c", 'wc -c < "$CODEX_HOME/auth.json"'],
      });
      expect(Number(file.stdout)).toBe(auth.length);
    }
    await ask(200, "DELETE", "/sandboxes/signed-in");

    const without = { name: "bare", env_vars: {} };
    await ask(202, "POST", "/sandboxes", without);
    await waitFor("bare", "started");
    const bare = await server.ask<{ stdout: string }>(200, "POST", "/api/v1/sandboxes/bare/exec", {
      command: ["sh", "-c", 'printf %s "$ANTHROPIC_API_KEY"'],
    });
    expect(bare.stdout, "no credentials asked for, none given").not.toContain("sk-key-of-the-vault");

    await ask(400, "POST", "/sandboxes", { secret_env_vars: { X: "nowhere" } });
    for (const agent_credentials of [
      [{ kind: "claude", name: "other" }],
      [{ kind: "claude", type: "oauth" }],
      [{ kind: "claude" }, { kind: "claude" }],
    ]) {
      expect(await ask(400, "POST", "/sandboxes", { agent_credentials })).toMatchObject({
        error_code: "validation_failed",
      });
    }
    await ask(200, "DELETE", "/sandboxes/with-env");
    await ask(200, "DELETE", "/sandboxes/bare");
  });
});

describe("SSH", () => {
  test("is granted and revoked; the grant says how to come in", async () => {
    const { id } = await running("by-ssh");
    type Access = { ssh_destination: string; token: string; expires_at: string };
    const access = await ask<Access>(200, "POST", "/sandboxes/by-ssh/ssh");
    expect(access).toMatchObject({ sandbox_id: id, sandbox_name: "by-ssh", repo_name: null });
    expect(access.ssh_destination).toMatch(/^-p \d+ \S+@127\.0\.0\.1$/);
    expect(access.ssh_destination).toContain(access.token);
    expect(Date.parse(access.expires_at)).toBeGreaterThan(Date.now());
    await ask(400, "DELETE", "/sandboxes/by-ssh/ssh", {});
    await ask(204, "DELETE", "/sandboxes/by-ssh/ssh", { token: access.token });
    await ask(202, "POST", "/sandboxes/by-ssh/stop");
    await waitFor("by-ssh", "stopped");
    await ask(409, "POST", "/sandboxes/by-ssh/ssh");
    await ask(200, "DELETE", "/sandboxes/by-ssh");
  });
});

describe("sessions and agent-send", () => {
  test("latest is 404 before the first; a send makes one, later sends go on with it", async () => {
    await running("talk");
    expect(await ask(404, "GET", "/sandboxes/talk/sessions/latest")).toMatchObject({
      error_code: "session_not_found",
    });
    const first = await ask<Chat>(200, "POST", "/sandboxes/talk/agent-send", { message: "echo one" });
    expect(first).toMatchObject({ response: "one", is_error: false, is_new_session: true });
    const second = await ask<Chat>(200, "POST", "/sandboxes/talk/agent-send", { message: "echo two" });
    expect(second).toMatchObject({
      session_id: first.session_id,
      response: "two",
      is_new_session: false,
    });
    const fresh = await ask<Chat>(200, "POST", "/sandboxes/talk/agent-send", {
      message: "echo three",
      new_session: true,
      agent: "mock",
    });
    expect(fresh.is_new_session).toBe(true);
    expect(fresh.session_id).not.toBe(first.session_id);
    const named = await ask<Chat>(200, "POST", "/sandboxes/talk/agent-send", {
      message: "echo four",
      session_id: first.session_id,
    });
    expect(named).toMatchObject({ session_id: first.session_id, response: "four" });

    const latest = await ask<Sess>(200, "GET", "/sandboxes/talk/sessions/latest");
    expect(latest.id).toBe(first.session_id);
    expect(latest.metadata.messages).toMatchObject([
      { role: "user", content: "echo one" },
      { role: "assistant", content: "one" },
      { role: "user", content: "echo two" },
      { role: "assistant", content: "two" },
      { role: "user", content: "echo four" },
      { role: "assistant", content: "four" },
    ]);

    const list = await ask<{ sessions: Sess[]; total: number }>(
      200,
      "GET",
      "/sandboxes/talk/sessions?limit=1&offset=1",
    );
    expect(list.total).toBe(2);
    expect(list.sessions.map(({ id }) => id)).toEqual([fresh.session_id]);
    await ask(400, "GET", "/sandboxes/talk/sessions?limit=0");
    await ask(404, "POST", "/sandboxes/talk/agent-send", { message: "x", session_id: "nowhere" });
    await ask(400, "POST", "/sandboxes/talk/agent-send", { message: "" });
  });

  test("a failed turn is 200 with is_error", async () => {
    const failed = await ask<Chat>(200, "POST", "/sandboxes/talk/agent-send", {
      message: "crash",
      new_session: true,
    });
    expect(failed.is_error).toBe(true);
    expect(failed.response).not.toBe("");
  });

  test("a permission raised meanwhile waits for a person, and the send for the turn", async () => {
    const send = ask<Chat>(200, "POST", "/sandboxes/talk/agent-send", {
      message: "write a.txt hello",
      new_session: true,
    });
    type Pending = { items: { id: string; session_id: string }[] };
    const { items } = await until(
      () => server.ask<Pending>(200, "GET", "/api/v1/requests"),
      (pending) => pending.items.length > 0,
    );
    const [request] = items;
    await server.ask(
      200,
      "POST",
      `/api/v1/sessions/${request?.session_id}/permissions/${request?.id}/respond`,
      { approved: true },
    );
    expect(await send).toMatchObject({ session_id: request?.session_id, is_error: false });
  });

  test("sessions are created, annotated and ended", async () => {
    const made = await ask<Sess>(201, "POST", "/sandboxes/talk/sessions", {
      agent_name: "mock",
      metadata: { ticket: "A-1" },
    });
    expect(made).toMatchObject({ status: "active", ended_at: null, metadata: { ticket: "A-1" } });
    const path = `/sandboxes/talk/sessions/${made.id}`;
    const patched = await ask<Sess>(200, "PATCH", path, {
      status: "completed",
      metadata: { ticket: "A-1", messages: [1] },
    });
    expect(patched).toMatchObject({ status: "completed", metadata: { ticket: "A-1", messages: [1] } });
    expect(patched.ended_at).not.toBeNull();
    expect(await ask<Sess>(200, "GET", path)).toMatchObject({ metadata: { messages: [1] } });
    const { sessions } = await ask<{ sessions: Sess[] }>(
      200,
      "GET",
      "/sandboxes/talk/sessions?status=completed",
    );
    expect(sessions.map(({ id }) => id)).toEqual([made.id]);
    await ask(400, "PATCH", path, { status: "ended" });
    await ask(400, "POST", "/sandboxes/talk/sessions", {});
  });

  test("a job is asked about until it is done", async () => {
    const job = await ask<{ job_id: string; is_new_session: boolean }>(
      202,
      "POST",
      "/sandboxes/talk/agent-send-jobs",
      { message: "echo later", new_session: true },
    );
    expect(job.is_new_session).toBe(true);
    const done = await until(
      () =>
        ask<{ state: string; result_text?: string }>(
          200,
          "GET",
          `/sandboxes/talk/agent-send-jobs/${job.job_id}`,
        ),
      ({ state }) => state === "completed",
    );
    expect(done.result_text).toBe("later");
    await ask(404, "GET", "/sandboxes/talk/agent-send-jobs/none.none");
  });
});

describe("chats", () => {
  test("make a sandbox when they have none, and stream their text", async () => {
    const chat = await ask<Chat & { sandbox_id: string }>(200, "POST", "/agent-sessions", {
      message: "echo hello",
    });
    expect(chat).toMatchObject({ response: "hello", created_sandbox: true, is_new_session: true });
    const response = await server.call("POST", `${BASE}/agent-sessions/stream`, {
      message: "echo again",
      session_id: chat.session_id,
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const frames = (await response.text())
      .split("\n\n")
      .filter((frame) => frame.startsWith("event:"))
      .map((frame) => ({
        event: /^event: (.*)$/m.exec(frame)?.[1],
        data: JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "null"),
      }));
    expect(frames[0]).toEqual({
      event: "status",
      data: { phase: "sandbox_ready", sandbox_id: chat.sandbox_id },
    });
    expect(frames.filter(({ event }) => event === "delta").map(({ data }) => data.text)).toEqual(["again"]);
    expect(frames.at(-1)).toMatchObject({
      event: "done",
      data: { response: "again", session_id: chat.session_id, created_sandbox: false },
    });
    expect(
      await ask(404, "POST", "/agent-sessions/stream", { message: "x", sandbox_id: "no" }),
    ).toMatchObject({ type: "error" });

    const list = await ask<{ sessions: { session_id: string }[]; total: number }>(
      200,
      "GET",
      `/agent-sessions?limit=1&sandbox=${chat.sandbox_id}`,
    );
    expect(list).toMatchObject({ sessions: [{ session_id: chat.session_id }], total: 1 });
    const shown = await ask<{ messages: unknown[] }>(200, "GET", `/agent-sessions/${chat.session_id}`);
    expect(shown.messages).toHaveLength(4);
  });
});

describe("secrets", () => {
  test("come and go; no value ever comes back", async () => {
    const made = await ask<{ id: string }>(201, "POST", "/secrets", { name: "api", value: "hidden-value" });
    expect(made).toMatchObject({ name: "api", description: null, scope: "user" });
    expect(made).toHaveProperty("org_id");
    expect(made).toHaveProperty("user_id");
    expect(await ask(200, "PUT", `/secrets/${made.id}`, { value: "hidden-two" })).toMatchObject({
      name: "api",
    });
    expect(await ask(403, "POST", `/secrets/${made.id}/reveal`)).toMatchObject({ error_code: "forbidden" });
    expect(JSON.stringify(await ask(200, "GET", "/secrets"))).not.toContain("hidden");
    await ask(204, "DELETE", `/secrets/${made.id}`);
    await ask(404, "DELETE", `/secrets/${made.id}`);
  });

  test("of any provider", async () => {
    const value = { name: "mine", value: "key", type: "api_key" };
    const made = await ask<{ id: string }>(201, "POST", "/secrets/kimi", value);
    await ask(409, "POST", "/secrets/kimi", value);
    expect(await ask(200, "GET", "/secrets/kimi")).toEqual([
      { id: made.id, name: "mine", type: "api_key", scope: "user" },
    ]);
    await ask(403, "POST", `/secrets/kimi/${made.id}/reveal`);
    await ask(204, "DELETE", `/secrets/kimi/${made.id}`);
    await ask(404, "DELETE", `/secrets/kimi/${made.id}`);
  });

  test("what is no provider is not answered as one", async () => {
    for (const name of ["opencode", "ssh-public-keys"]) {
      await ask(404, "GET", `/secrets/${name}`);
      await ask(404, "POST", `/secrets/${name}`, { name, value: "v", type: "oauth" });
    }
  });
});

describe("errors", () => {
  const cases: [name: string, status: number, code: string, call: () => Promise<Response>][] = [
    ["no token", 401, "unauthorized", () => fetch(`${server.url}${BASE}/sandboxes`)],
    ["an unknown route", 404, "not_found", () => server.call("GET", `${BASE}/nothing/here`)],
    ["bad JSON", 400, "invalid_json", () => server.call("POST", `${BASE}/secrets`, undefined, { body: "{" })],
    ["a body that does not fit", 400, "validation_failed", () => server.call("POST", `${BASE}/secrets`, {})],
    ["an unknown sandbox", 404, "sandbox_not_found", () => server.call("GET", `${BASE}/sandboxes/a%2Fb`)],
  ];
  test.each(cases)("%s is told in the envelope", async (_name, status, error_code, call) => {
    const response = await call();
    expect(response.status).toBe(status);
    const body = (await response.json()) as { trace_id: string; details?: unknown };
    expect(body).toMatchObject({ type: "error", error_code, message: expect.any(String) });
    expect(response.headers.get("x-trace-id")).toBe(body.trace_id);
    if (body.details !== undefined) expect(Array.isArray(body.details)).toBe(true);
  });

  test("API keys are access tokens, shown once", async () => {
    const made = await ask<{ id: string; value: string }>(201, "POST", "/api-keys", { name: "ci" });
    const own = await fetch(`${server.url}${BASE}/sandboxes`, {
      headers: { authorization: `Bearer ${made.value}` },
    });
    expect(own.status).toBe(200);
    const listed = JSON.stringify(await ask(200, "GET", "/api-keys"));
    expect(listed).toContain(made.id);
    expect(listed).not.toContain(made.value);
    expect(listed).not.toContain(TEST_TOKEN);
    await ask(204, "DELETE", `/api-keys/${made.id}`);
  });
});
