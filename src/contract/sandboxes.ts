import * as z from "zod";
import { Agent, SessionOption } from "#src/domain/agent.ts";
import { Sandbox, SandboxSpec, SandboxState } from "#src/domain/sandbox.ts";
import { Count, defineRoutes, Flag, pageOf } from "./route.ts";

const tag = "Sandboxes";
const Status = (word: string) => z.object({ status: z.literal(word) });
const SshAccess = z.object({
  destination: z.string(),
  command: z.string(),
  token: z.string(),
  expires_at: z.string(),
  directory: z.string().nullable(),
  host_key: z.string().nullable(),
});
const FileInfo = z.object({
  path: z.string(),
  size: z.number(),
  is_dir: z.boolean(),
  mode: z.string().nullable().default(null),
  modified_at: z.string().nullable(),
});

/** Where a file or a folder is or shall be. */
const EntryPath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0") && !/(^|\/)\.{0,2}$/.test(path), "it must end in a name")
  .describe("as `GET …/files` gives it: relative to the sandbox's folder, or absolute");

export const sandboxRoutes = defineRoutes({
  "GET /sandboxes": {
    tag,
    summary: "Sandboxes of every backend, newest activity first",
    query: z.object({
      backend: z.string().optional(),
      state: z.string().optional().describe("one or more states, comma separated"),
      provider: z.string().optional(),
      label: z.string().optional().describe("k=v, comma separated"),
      labels: z.string().optional().describe("the same, as the Sessions API spells it"),
      q: z.string().optional(),
      limit: Count(1000).optional(),
      cursor: z.string().optional(),
      page: Flag.optional().describe("1: `{items, next_cursor, total}` instead of the bare array"),
    }),
    responses: { 200: z.union([z.array(Sandbox), pageOf(Sandbox)]) },
  },
  "POST /sandboxes": {
    tag,
    summary: "Make a sandbox; provisioning continues after the answer",
    body: SandboxSpec,
    responses: {
      202: z.object({
        id: z.string(),
        sandbox_id: z.string(),
        state: SandboxState,
        status: z.literal("provisioning"),
        name: z.string(),
        agent_provider: z.string(),
      }),
    },
    errors: ["sandbox_already_exists", "backend_not_found", "secret_not_found", "unsupported"],
  },
  "GET /sandboxes/{sandbox_id}": { tag, summary: "One sandbox, by id or name", responses: { 200: Sandbox } },
  "PATCH /sandboxes/{sandbox_id}": {
    tag,
    summary: "Change its labels or when it stops by itself",
    body: z.object({
      labels: z.record(z.string(), z.string()).optional(),
      auto_stop_minutes: z.number().int().min(0).max(10080).optional(),
    }),
    responses: { 200: Sandbox },
  },
  "DELETE /sandboxes/{sandbox_id}": {
    tag,
    summary: "Delete it; running turns are interrupted first",
    responses: { 204: null },
    errors: ["sandbox_invalid_state"],
  },
  "GET /sandboxes/{sandbox_id}/impact": {
    tag,
    summary: "What stopping or deleting it would lose",
    responses: {
      200: z.object({
        running_turns: z.array(z.object({ session_id: z.string(), title: z.string() })),
        pending_requests: z.number().int(),
        queued_messages: z.number().int(),
        changed_files: z
          .array(z.string())
          .describe("uncommitted or unpushed work, when it is a git checkout"),
        file_count: z.number().int().nullable(),
      }),
    },
  },
  "POST /sandboxes/{sandbox_id}/start": {
    tag,
    summary: "Start a stopped or failed sandbox",
    responses: { 200: Status("running") },
    errors: ["sandbox_invalid_state"],
  },
  "POST /sandboxes/{sandbox_id}/stop": {
    tag,
    summary: "Stop it; running turns are interrupted first",
    responses: { 200: Status("stopped") },
    errors: ["sandbox_invalid_state"],
  },
  "POST /sandboxes/{sandbox_id}/pause": {
    tag,
    summary: "Pause it, where its backend can",
    responses: { 200: Status("paused") },
    errors: ["sandbox_invalid_state", "unsupported"],
  },
  "POST /sandboxes/{sandbox_id}/resume": {
    tag,
    summary: "Resume a paused sandbox",
    responses: { 200: Status("running") },
    errors: ["sandbox_invalid_state", "unsupported"],
  },
  "POST /sandboxes/{sandbox_id}/setup": {
    tag,
    summary: "Run a failed setup again",
    responses: { 202: z.object({ status: z.literal("provisioning") }) },
    errors: ["sandbox_invalid_state", "unsupported"],
  },
  "GET /sandboxes/{sandbox_id}/agents": {
    tag,
    summary: "The agents it can run, with their true state there",
    responses: { 200: z.array(Agent) },
  },
  "GET /sandboxes/{sandbox_id}/agents/{agent}/options": {
    tag,
    summary: "What a new session of this agent may choose, where it cannot be changed later; else empty",
    responses: { 200: z.array(SessionOption) },
  },
  "POST /sandboxes/{sandbox_id}/agents/{agent}/install": {
    tag,
    summary: "Install an agent there",
    responses: { 200: Agent },
    errors: ["install_failed", "unsupported"],
  },
  "POST /sandboxes/{sandbox_id}/ssh": {
    tag,
    summary: "Grant SSH access until `expires_at`",
    responses: { 200: SshAccess },
    errors: ["unsupported"],
  },
  "DELETE /sandboxes/{sandbox_id}/ssh": {
    tag,
    summary: "Revoke SSH access",
    body: z.object({ token: z.string() }),
    responses: { 204: null },
  },
  "GET /sandboxes/{sandbox_id}/stats": {
    tag,
    summary: "What it uses now",
    responses: { 200: z.record(z.string(), z.unknown()) },
    errors: ["unsupported"],
  },
  "GET /sandboxes/{sandbox_id}/logs": {
    tag,
    summary: "The newest lines of its log",
    query: z.object({ tail: Count(10_000).optional() }),
    responses: { 200: z.object({ logs: z.array(z.string()) }) },
    errors: ["unsupported"],
  },
  "GET /sandboxes/{sandbox_id}/services": {
    tag,
    summary: "What it serves",
    responses: { 200: z.array(z.record(z.string(), z.unknown())) },
    errors: ["unsupported"],
  },
  "GET /sandboxes/{sandbox_id}/lifecycle-events": {
    tag,
    summary: "What happened to it upstream",
    responses: { 200: z.array(z.record(z.string(), z.unknown())) },
    errors: ["unsupported"],
  },
  "POST /sandboxes/{sandbox_id}/exec": {
    tag,
    summary: "Run one command to its end",
    body: z.object({
      command: z.array(z.string()).min(1),
      workdir: z.string().optional(),
      env: z.record(z.string(), z.string()).optional(),
      stdin: z.string().optional(),
      timeout_secs: z.number().positive().max(600).optional(),
      tty: z.boolean().optional(),
    }),
    responses: {
      200: z.object({
        exit_code: z.number(),
        stdout: z.string(),
        stderr: z.string(),
        duration_ms: z.number(),
      }),
    },
    errors: ["sandbox_invalid_state", "unsupported"],
  },
  "GET /sandboxes/{sandbox_id}/files": {
    tag,
    summary: "List a folder; with `q`, files below it whose path contains the text",
    query: z.object({ path: z.string().optional(), q: z.string().optional(), limit: Count(1000).optional() }),
    responses: { 200: z.array(FileInfo) },
    errors: ["file_not_found", "unsupported"],
  },
  "POST /sandboxes/{sandbox_id}/fs/mkdir": {
    tag,
    summary: "Make a folder, and those above it; 409 when something has its name",
    body: z.object({ path: EntryPath }),
    responses: { 201: z.object({ path: z.string() }) },
    errors: ["already_exists", "unsupported"],
  },
  "POST /sandboxes/{sandbox_id}/fs/move": {
    tag,
    summary: "Rename or move a file or a folder; 409 when something has that name, and nothing is replaced",
    body: z.object({ from: EntryPath, to: EntryPath }),
    responses: { 200: z.object({ from: z.string(), to: z.string() }) },
    errors: ["already_exists", "not_found", "unsupported"],
  },
});
