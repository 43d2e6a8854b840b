import type {
  Backend,
  LinkEvent,
  OpenSession,
  PermissionAnswer,
  SessionLink,
} from "#src/backends/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { textOf } from "#src/domain/text.ts";
import { mockCapabilities } from "./mock-capabilities.ts";

/** A link whose agent the test plays: what it was told, and how to speak for it. */
export type FakeLink = {
  request: OpenSession;
  prompts: string[];
  interrupts: number;
  permissions: [string, PermissionAnswer][];
  answers: [string, readonly (readonly string[])[] | null][];
  /** What the session was annotated with. */
  metadata: Record<string, unknown>[];
  closed: ("end" | "detach")[];
  say(event: DomainEvent, raw?: unknown): void;
  text(text: string): void;
  done(stop_reason?: string): void;
  ask(request_id: string): void;
  die(reason: string, stderr?: string): void;
  /** What the next call of this name rejects with. */
  failNext: { prompt?: Error; replyPermission?: Error };
  /** What a prompt waits for before it is accepted. */
  beforePrompt: Promise<void>;
};

/** A backend in memory: every session is played by the test through `links`. */
export function createFakeBackend(
  overrides: Partial<Backend> = {},
): Backend & { links: FakeLink[]; failOpen: Error | null } {
  const links: FakeLink[] = [];
  const backend = {
    kind: "local" as const,
    capabilities: mockCapabilities(),
    links,
    failOpen: null as Error | null,
    check: async () => ({ state: "online" as const, detail: null, version: "1", latency_ms: 1 }),
    listSandboxes: async () => [],
    getSandbox: async () => null,
    createSandbox: async (_spec: unknown, { sandbox_id, name }: { sandbox_id: string; name: string }) => ({
      ref: sandbox_id,
      name,
      state: "running" as const,
    }),
    controlSandbox: async () => {},
    listAgents: async () => [],
    installAgent: async () => {},
    listSessions: async () => [],
    close: async () => {},
    openSession: async (request: OpenSession): Promise<SessionLink> => {
      if (backend.failOpen) throw backend.failOpen;
      const played = play(request);
      links.push(played.fake);
      return played.link;
    },
    ...overrides,
  };
  return backend;
}

function play(request: OpenSession): { fake: FakeLink; link: SessionLink } {
  let count = 0;
  const say = (event: DomainEvent, raw?: unknown) => {
    count += 1;
    const told: LinkEvent = { event, raw, cursor: String(count) };
    request.emit(told);
  };
  const fake: FakeLink = {
    request,
    prompts: [],
    interrupts: 0,
    permissions: [],
    answers: [],
    metadata: [],
    closed: [],
    failNext: {},
    beforePrompt: Promise.resolve(),
    say,
    text: (text) => say({ event_type: "text_delta", data: { text } }),
    done: (stop_reason = "end_turn") =>
      say({
        event_type: "session_completed",
        data: { session_id: "", turn_id: null, stop_reason, duration_ms: null, cost_usd: null },
      }),
    ask: (request_id) =>
      say({
        event_type: "permission_request",
        data: {
          request_id,
          turn_id: null,
          tool_use_id: null,
          tool_name: "Bash",
          title: "ls",
          tool_input: { command: "ls" },
          risk_level: null,
          directory: null,
          diffs: [],
          options: [
            { id: "yes", kind: "allow_once", name: "Allow once" },
            { id: "no", kind: "reject_once", name: "Reject" },
          ],
          message_supported: false,
          expires_at: null,
        },
      }),
    die: (reason, stderr) => request.onClosed({ reason, stderr: stderr ?? null, recoverable: true }),
  };
  const link: SessionLink = {
    ref: `upstream-${request.session_id}`,
    title: null,
    options: [],
    commands: [],
    prompt: async (content: readonly ContentBlock[]) => {
      await fake.beforePrompt;
      if (fake.failNext.prompt) throw fake.failNext.prompt;
      fake.prompts.push(textOf(content));
    },
    interrupt: async () => {
      fake.interrupts += 1;
    },
    replyPermission: async (request_id, answer) => {
      const failure = fake.failNext.replyPermission;
      fake.failNext.replyPermission = undefined;
      if (failure) throw failure;
      fake.permissions.push([request_id, answer]);
      fake.text("after the answer");
    },
    replyQuestion: async (request_id, answers) => {
      fake.answers.push([request_id, answers]);
    },
    setOption: async () => [],
    setMetadata: async (metadata) => {
      fake.metadata.push(metadata);
    },
    close: async (how) => {
      fake.closed.push(how);
    },
  };
  return { fake, link };
}
