import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { formatCursor, parseCursor } from "./cursor.ts";
import { failureOfText, fateOf } from "./errors.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { lifeOf, toSandbox } from "./map-sandbox.ts";
import { toMessages, toSession } from "./map-session.ts";
import { answerEvents, findAnswer, historyEvents, textsOf } from "./map-turn.ts";
import { advance, noProgress } from "./provisioning.ts";
import { checkSpec, createBody } from "./spec.ts";
import { sshAccess } from "./ssh.ts";
import { Answer, WireSandbox, WireSession } from "./wire.ts";

const wire = (fields: Record<string, unknown>): WireSandbox =>
  WireSandbox.parse({ id: "sbx_1", name: "web", ...fields });

describe("the three status tracks", () => {
  test.each([
    // status, state → the domain's state, the word that decided
    ["creating", "initializing", "creating", "creating"],
    ["starting", "initializing", "creating", "starting"],
    ["running", "started", "running", "running"],
    ["stopping", "stopping", "stopping", "stopping"],
    ["suspending", "stopping", "stopping", "suspending"],
    ["suspended", "stopped", "stopped", "suspended"],
    ["stopped", null, "stopped", "stopped"],
    ["snapshotting", "snapshotting", "running", "snapshotting"],
    ["failed", "failed", "failed", "failed"],
    ["unknown", "active", "running", "active"],
    [null, "initializing", "creating", "initializing"],
    [undefined, "active", "running", "active"],
    [undefined, "running", "running", "running"],
    [undefined, "started", "running", "started"],
    [undefined, "stopped", "stopped", "stopped"],
    [undefined, "errored", "failed", "errored"],
    ["hibernating", "stopped", "stopped", "stopped"],
    ["hibernating", "napping", "pending", "hibernating"],
    ["stopping", "deleting", "stopping", "deleting"],
    ["running", "deleted", "terminated", "deleted"],
    [undefined, undefined, "pending", "unknown"],
  ] as const)("status %s with state %s is %s", (status, state, expected, word) => {
    expect(lifeOf({ status, state })).toEqual({ state: expected, word });
  });

  test.each([
    [{ status: "running", setup_status: "ok" }, null],
    [{ status: "running", setup_status: null }, null],
    [{ status: "running", setup_status: "git-failed", error_message: "no access" }, /cloned.*no access/],
    [{ status: "running", setup_status: "setup-failed" }, /setup script failed/],
    [{ status: "running", setup_status: "sys-setup-failed" }, /sys-setup-failed/],
    [{ status: "running", setup_status: "setup-running" }, /setup-running/],
    [{ status: "running", setup_status: "setup-paused" }, /^setup-paused$/],
    [{ status: "snapshotting" }, /^snapshotting$/],
    [{ status: "napping" }, /^napping$/],
    [{ status: "failed", error_message: "No capacity." }, /^No capacity\.$/],
    [{ state: "errored" }, /^errored$/],
    [{ state: "active" }, null],
  ] as const)("%j is told in the detail", (fields, expected) => {
    const { state_detail } = toSandbox(wire(fields));
    if (expected === null) expect(state_detail).toBeNull();
    else expect(state_detail).toMatch(expected);
  });

  test("fields nobody knows are kept, credentials of an address are not", () => {
    const sandbox = toSandbox(
      wire({ status: "running", repo_url: "https://me:tok@github.com/a/b", branch: "", hostname: "h1" }),
    );
    expect(sandbox).toMatchObject({ ref: "sbx_1", repository: "https://github.com/a/b", branch: null });
    expect(sandbox.extra).toMatchObject({ hostname: "h1", status: "running" });
    expect(JSON.stringify(sandbox)).not.toContain("tok");
  });

  test("any words make a sandbox", () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.option(fc.string()), fc.option(fc.string()), (a, b, c) => {
        const { state, state_detail } = toSandbox(wire({ status: a, state: b, setup_status: c }));
        if (state === "pending" && (a || b)) expect(state_detail).toContain(a || b);
      }),
    );
  });
});

describe("the body of a new sandbox", () => {
  const body = (spec: Record<string, unknown>, secret_values: Record<string, string> = {}) =>
    createBody(SandboxSpec.parse(spec), { name: "web", secret_values });

  test("the least: agents can log in, and what was not said is left to Amika", () => {
    expect(body({})).toEqual({
      name: "web",
      agent_credentials: [{ kind: "claude" }, { kind: "codex" }],
      auto_stop_interval: 0,
      env_vars: {},
      secret_env_vars: {},
    });
  });

  test("every field", () => {
    const extra = {
      provider: "daytona",
      auto_delete_interval: -1,
      github_auth_mode: "pat",
      workflow: { enabled: true },
      agent_credentials: [{ kind: "claude", none: true }],
      integration_ids: ["int_1"],
      skip_setup_script: false,
    };
    expect(
      body(
        {
          source: { type: "git", url: "https://github.com/a/b", branch: "main", new_branch: "topic" },
          preset: "coder-dind",
          size: "l",
          snapshot: "snap-1",
          auto_stop_minutes: 30,
          env_vars: { A: "1" },
          secret_env_vars: { OWN: "mine", STORED: "theirs" },
          setup_script: "npm ci",
          extra,
        },
        { OWN: "value" },
      ),
    ).toEqual({
      ...extra,
      name: "web",
      repo_url: "https://github.com/a/b",
      branch: "main",
      new_branch_name: "topic",
      preset: "coder-dind",
      size: "l",
      snapshot: "snap-1",
      auto_stop_interval: 30,
      env_vars: { A: "1", OWN: "value" },
      secret_env_vars: { STORED: "theirs" },
      setup_script_text: "npm ci",
    });
  });

  test("a refused snapshot is null, an absent one is absent", () => {
    expect(body({ snapshot: null })).toHaveProperty("snapshot", null);
    expect(body({})).not.toHaveProperty("snapshot");
  });

  test.each([
    ["codex", "codex"],
    ["mock", "claude"],
  ])("the first prompt goes to %s as %s", (agent_provider, agent) => {
    expect(body({ agent_provider, extra: { initial_prompt: "go" } })).toMatchObject({
      initial_prompt: "go",
      agent,
    });
  });

  test.each([
    { source: { type: "copy", path: "/home/me" } },
    { git_repos: [{ url: "a" }, { url: "b" }] },
    { source: { type: "git", url: "a" }, git_repos: [{ url: "b" }] },
  ])("%j is refused with the reason", (spec) => {
    expect(() => body(spec)).toThrow(BackendError);
  });
});

test("steps of provisioning follow the words, the setup and the server's own events", () => {
  const looks = [
    wire({ status: "creating" }),
    wire({ status: "creating" }),
    wire({ status: "starting", setup_status: null }),
    wire({ status: "running", setup_status: "setup-running" }),
    wire({ status: "running", setup_status: "git-failed" }),
  ];
  const lifecycle = [
    { id: "1", step: "boot", status: "running" },
    { id: "1", step: "boot", status: "succeeded" },
    { id: "2", run_kind: "cache", status: "queued", detail: "3 layers" },
  ];
  const events = [
    [lifecycle[0]!],
    [lifecycle[0]!],
    [lifecycle[1]!, lifecycle[2]!],
    [lifecycle[1]!, lifecycle[2]!],
    [],
  ];
  let progress = noProgress;
  const told = looks.flatMap((look, index) => {
    const next = advance(progress, look, events[index]!);
    progress = next.progress;
    return next.events.map(({ data }) => data);
  });
  expect(told).toEqual([
    { step: "boot", status: "started", detail: null },
    { step: "creating", status: "started", detail: null },
    { step: "boot", status: "done", detail: null },
    { step: "cache", status: "started", detail: "3 layers queued" },
    { step: "creating", status: "done", detail: null },
    { step: "starting", status: "started", detail: null },
    { step: "starting", status: "done", detail: null },
    { step: "setup", status: "started", detail: null },
    { step: "setup", status: "failed", detail: "The repository could not be cloned (git-failed)." },
  ]);
});

describe("sessions", () => {
  const session = (fields: Record<string, unknown>): WireSession =>
    WireSession.parse({ id: "ses_1", agent_name: "claude", status: "active", metadata: {}, ...fields });

  test.each([
    ["active", "active", {}],
    ["completed", "completed", {}],
    ["ended", "completed", {}],
    ["failed", "failed", {}],
    ["resting", "active", { status: "resting" }],
  ])("the status %s is %s", (status, state, metadata) => {
    expect(toSession(session({ status }))).toMatchObject({ state, metadata });
  });

  test("the transcript is no metadata, and a title is", () => {
    const metadata = { title: "Fix it", ticket: "A-1", messages: [{ role: "user", content: "hi" }] };
    const mapped = toSession(session({ metadata }));
    expect(mapped.title).toBe("Fix it");
    expect(mapped.metadata).toEqual({ title: "Fix it", ticket: "A-1" });
  });

  test.each([
    ["hi", "hi"],
    [
      [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
      "a\n\nb",
    ],
    [[{ type: "image" }], '[{"type":"image"}]'],
    [null, ""],
  ])("content %j is %s", (content, text) => {
    expect(toMessages([{ role: "user", content }])).toMatchObject([{ text }]);
  });

  test("a message nobody understands keeps its place", () => {
    expect(toMessages([7, { role: "user", content: "x" }]).map(({ role }) => role)).toEqual([
      "unknown",
      "user",
    ]);
  });
});

describe("the end of a turn", () => {
  test.each([
    ["", "all", ["all"]],
    ["al", "all", ["all"]],
    ["First I look. Done.", "Done.", ["First I look. Done."]],
    ["First I look. ", "Done.", ["First I look. ", "Done."]],
  ])("of %j and the answer %j, %j is kept", (streamed, response, kept) => {
    expect(textsOf(streamed, response)).toEqual(kept);
  });

  const events = (answer: Record<string, unknown>, streamed = "") =>
    answerEvents(Answer.parse(answer), { index: 3, streamed, agent: "claude" });

  test("text, usage, and the end last", () => {
    const usage = { cost_usd: 0.5, input_tokens: 10, cache_read_tokens: 4, duration_ms: 900 };
    expect(events({ response: "ok", usage })).toEqual([
      { event_type: "text_complete", data: { text: "ok", block_id: "message-3" } },
      {
        event_type: "usage_updated",
        data: { input_tokens: 10, cached_tokens: 4, cost: { amount: 0.5, currency: "USD" } },
      },
      {
        event_type: "session_completed",
        data: { session_id: "", turn_id: null, stop_reason: "end_turn", duration_ms: 900, cost_usd: 0.5 },
      },
    ]);
  });

  test("an agent that reports failure fails the turn with its words, and keeps what it had said", () => {
    expect(events({ response: "Out of credits", is_error: true }, "Let me ")).toMatchObject([
      { event_type: "text_complete", data: { text: "Let me " } },
      { event_type: "session_failed", data: { error: "Out of credits", code: "agent_failed" } },
    ]);
  });

  test.each(["authentication_error", "Invalid authentication credentials", "Failed to authenticate"])(
    "%s says what to do",
    (phrase) => {
      expect(failureOfText(`API Error: ${phrase}`, "codex")).toEqual({
        code: "agent_unauthorized",
        error: expect.stringMatching(/Add or renew a codex credential/),
      });
    },
  );
});

describe("what a failed send says of its turn", () => {
  const status = (status: number) => new BackendError("upstream_error", "x", { details: { status } });
  test.each([
    ["a plain refusal", status(400), "refused"],
    ["401", status(401), "refused"],
    ["429", status(429), "refused"],
    ["500", status(500), "refused"],
    ["503", status(503), "refused"],
    ["502 of a proxy", status(502), "lost"],
    ["504", status(504), "lost"],
    ["524", status(524), "lost"],
    ["a web page with 200", status(200), "answered"],
    ["too much", new BackendError("too_large", "x"), "answered"],
    ["a cut connection", new BackendError("unreachable", "x"), "lost"],
    ["a time-out", new BackendError("timeout", "x"), "lost"],
    ["a broken stream", new TypeError("terminated"), "lost"],
  ])("%s: %s", (_, error, fate) => {
    expect(fateOf(error)).toBe(fate);
  });
});

describe("the transcript", () => {
  const say = (...texts: string[]) =>
    toMessages(texts.map((text) => ({ role: text.split(":")[0], content: text.split(":")[1] })));

  test.each([
    ["nothing yet", ["user:a", "assistant:b"], { baseline: 2, prompt: "c" }, null],
    ["the prompt alone", ["user:a", "assistant:b", "user:c"], { baseline: 2, prompt: "c" }, null],
    ["the answer", ["user:a", "assistant:b", "user:c", "assistant:d"], { baseline: 2, prompt: "c" }, "d"],
    [
      "an unknown prompt",
      ["user:a", "assistant:b", "user:c", "assistant:d"],
      { baseline: 2, prompt: null },
      "d",
    ],
    [
      "another's turn before",
      ["user:x", "assistant:y", "user:c", "assistant:d"],
      { baseline: 0, prompt: "c" },
      "d",
    ],
    ["another's turn alone", ["user:x", "assistant:y"], { baseline: 0, prompt: "c" }, null],
    [
      "another's turn after",
      ["user:c", "assistant:d", "user:x", "assistant:y"],
      { baseline: 0, prompt: "c" },
      "d",
    ],
    ["a prompt that is wrapped", ["user:<m>c</m>", "assistant:d"], { baseline: 0, prompt: "c" }, "d"],
    ["answers alone", ["assistant:d"], { baseline: 0, prompt: "c" }, "d"],
    [
      "an answer in parts",
      ["user:c", "assistant:d", "tool:t", "assistant:e"],
      { baseline: 0, prompt: "c" },
      "d\n\ne",
    ],
  ] as const)("with %s", (_, texts, turn, expected) => {
    expect(findAnswer(say(...texts), turn)?.answer.response ?? null).toBe(expected);
  });

  test("as history: every turn ends once, but one without an answer", () => {
    const messages = say("user:a", "assistant:b", "tool:t", "user:c");
    const told = historyEvents(messages, { first: 4, agent: "claude", ends: true });
    expect(told.flatMap(({ events }) => events.map(({ event_type }) => event_type))).toEqual([
      "user_message",
      "text_complete",
      "log_line",
      "session_completed",
      "user_message",
    ]);
    expect(told[0]?.events[0]).toMatchObject({ data: { message_id: "message-4" } });
    const own = historyEvents(messages, { first: 4, agent: "claude", ends: false });
    expect(
      own.flatMap(({ events }) => events).some(({ event_type }) => event_type === "session_completed"),
    ).toBe(false);
  });
});

test("a cursor comes back as it went, and what is none is null", () => {
  const cursor = { told: 4, turn: { since: "2026-07-17T10:00:00.000Z", status: "active" } };
  expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
  for (const text of [null, "", "12", "{", '{"told":-1,"turn":null}']) expect(parseCursor(text)).toBeNull();
});

test.each([
  ["tok@ssh.example.test", "ssh tok@ssh.example.test"],
  ["  -p 2222  tok@host ", "ssh -p 2222 tok@host"],
  ["tok@host;rm it's $(x)", "ssh 'tok@host;rm' 'it'\\''s' '$(x)'"],
])("the destination %j is copied as %s", (ssh_destination, command) => {
  const access = sshAccess({ ssh_destination, token: "t", expires_at: "e", repo_name: "web" });
  expect(access).toMatchObject({ command, directory: "web" });
});

test.each<[Record<string, unknown>, string[]]>([
  [{}, []],
  [
    {
      auto_delete_interval: -1,
      workflow: { enabled: false },
      agent_credentials: [{ kind: "codex", none: true }],
    },
    [],
  ],
  [{ a_later_field: { of: "Amika" } }, []],
  [{ auto_delete_interval: -2 }, ["extra.auto_delete_interval"]],
  [{ auto_delete_interval: 1.5 }, ["extra.auto_delete_interval"]],
  [{ disabled_repo_env_var_names: ["lower"] }, ["extra.disabled_repo_env_var_names"]],
  [{ agent_credentials: [{ kind: "amp" }], agent: "amp" }, ["extra.agent_credentials", "extra.agent"]],
  [{ agent_credentials: [{ kind: "claude" }, { kind: "claude", none: true }] }, ["extra.agent_credentials"]],
  [{ github_auth_mode: "ssh" }, ["extra.github_auth_mode"]],
])("of %j, %j is refused", (extra, paths) => {
  expect(checkSpec({ extra }).map(({ path }) => path)).toEqual(paths);
});

test.each([
  [undefined, null],
  ["ssh-ed25519 AAAA", "ssh-ed25519 AAAA"],
])("the host key %s is shown as %s", (host_public_key, host_key) => {
  const access = { ssh_destination: "t@host", token: "t", expires_at: "e", host_public_key };
  expect(sshAccess(access).host_key).toBe(host_key);
});
