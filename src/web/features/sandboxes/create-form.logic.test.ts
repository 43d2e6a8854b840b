import { describe, expect, test } from "vitest";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { mockCapabilities } from "#src/testing/mock-capabilities.ts";
import {
  defaultAgent,
  emptyCreateForm,
  fieldOfPath,
  notOffered,
  suggestName,
  toSpec,
  type CreateForm,
} from "./create-form.logic.ts";

const full: CreateForm = {
  ...emptyCreateForm,
  name: " web-1 ",
  backend_id: "local",
  source: "git",
  url: " https://example.com/acme/web.git ",
  branch: "main",
  agent_provider: "claude",
  env: [
    { name: "A", value: "1" },
    { name: "", value: "" },
  ],
  secrets: [{ name: "TOKEN", value: "github token" }],
  setup_script: "npm ci\n",
  labels: "team=web",
  auto_stop_minutes: "30",
  more: { preset: "coder", auto_delete_interval: "60" },
};

describe("toSpec", () => {
  test("says everything the backend honours", () => {
    expect(toSpec(full, mockCapabilities(), "web-9")).toEqual({
      name: "web-1",
      backend_id: "local",
      agent_provider: "claude",
      source: { type: "git", url: "https://example.com/acme/web.git", branch: "main" },
      env_vars: { A: "1" },
      secret_env_vars: { TOKEN: "github token" },
      setup_script: "npm ci\n",
      labels: { team: "web" },
      auto_stop_minutes: 30,
    });
  });

  test("leaves out what the backend does not know", () => {
    expect(toSpec(full, mockCapabilities({ spec_fields: ["preset"] }), "web-9")).toEqual({
      name: "web-1",
      backend_id: "local",
      agent_provider: "claude",
      source: { type: "git", url: "https://example.com/acme/web.git", branch: "main" },
      preset: "coder",
    });
  });

  test("a blank form is a valid request, under the suggested name", () => {
    const spec = toSpec({ ...emptyCreateForm, backend_id: "local" }, mockCapabilities(), "sandbox-1");
    expect(SandboxSpec.safeParse(spec).success).toBe(true);
    expect(spec.name).toBe("sandbox-1");
  });
});

test.each<[string[], string | null]>([
  [["name"], "name"],
  [["source", "url"], "url"],
  [["source", "path"], "path"],
  [["source"], "source"],
  [["env_vars", "A"], "env.0.name"],
  [["env_vars", "gone"], "env"],
  [["secret_env_vars", "TOKEN"], "secrets.0.name"],
  [["auto_stop_minutes"], "auto_stop_minutes"],
  [["preset"], "more.preset"],
  [["extra", "auto_delete_interval"], "more.auto_delete_interval"],
  [["extra", "unheard_of"], null],
  [["git_repos", "0"], null],
  [[], null],
])("the field of %j is %s", (path, field) => {
  expect(fieldOfPath(path, full)).toBe(field);
});

test.each<[Partial<CreateForm>, string[], string]>([
  [{}, [], "sandbox-1"],
  [{}, ["sandbox-1", "sandbox-2"], "sandbox-3"],
  [{ source: "git", url: "https://example.com/acme/My_Web.git" }, [], "my-web-1"],
  [{ source: "git", url: "git@example.com:acme/web/" }, ["web-1"], "web-2"],
  [{ source: "copy", path: "/home/me/code/" }, [], "code-1"],
  [{ source: "git", url: "" }, [], "sandbox-1"],
])("suggestName(%j, %j) is %s", (form, taken, name) => {
  expect(suggestName({ ...emptyCreateForm, ...form }, new Set(taken))).toBe(name);
  expect(SandboxSpec.shape.name.safeParse(name).success).toBe(true);
});

test("what a backend does not take is named, with its reason where there is one", () => {
  expect(notOffered(mockCapabilities())).toEqual([]);
  const limited = mockCapabilities({
    sources: ["git"],
    spec_fields: ["env_vars", "secret_env_vars", "setup_script", "auto_stop_minutes"],
    notes: { "sources.copy": "It runs on another machine." },
  });
  expect(notOffered(limited)).toEqual([
    { label: "an empty folder", reason: null },
    { label: "a copy of a local folder", reason: "It runs on another machine." },
    { label: "labels", reason: null },
  ]);
});

test.each([
  ["the newest sandbox's", { id: "a", url: null }, "codex"],
  ["the mock on this machine", { id: "b", url: null }, "mock"],
  ["Claude elsewhere", { id: "c", url: "https://example.com" }, "claude"],
])("the agent offered first is %s", (_name, backend, agent) => {
  const sandboxes = [
    { backend_id: "a", agent_provider: "codex" },
    { backend_id: "a", agent_provider: "mock" },
  ];
  expect(defaultAgent(backend, sandboxes)).toBe(agent);
});
