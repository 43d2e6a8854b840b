import type { Agent, AgentCommand, SessionOption } from "#src/domain/agent.ts";
import type { BackendKind, BackendState, Capabilities } from "#src/domain/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import type { Reply } from "#src/domain/request.ts";
import type { Sandbox, SandboxSpec, SandboxState } from "#src/domain/sandbox.ts";
import type { ProviderCredential } from "#src/domain/secret.ts";

/**
 * The port that every backend kind fills. The server owns sessions, turns, the queue, requests and the log;
 * an adapter opens a link to an upstream session and turns its traffic into domain events. Methods that a
 * backend's `capabilities` rule out throw `BackendError` with code `unsupported`.
 */
export type Backend = {
  readonly kind: BackendKind;
  /** What it can do, as known now; `check` may have refined it. */
  readonly capabilities: Capabilities;
  /** Asks the upstream how it is. Never throws: a failure is a state with a detail that says what to do. */
  check(signal: AbortSignal): Promise<BackendCheck>;
  /** Every sandbox the upstream has now. */
  listSandboxes(signal: AbortSignal): Promise<UpstreamSandbox[]>;
  /** One sandbox, or null when the upstream does not know it (any more). */
  getSandbox(sandbox_ref: string, signal: AbortSignal): Promise<UpstreamSandbox | null>;
  /** What is wrong with a spec's fields that only this kind knows, before anything is made; absent: nothing to check. */
  checkSpec?(spec: SandboxSpec): SpecProblem[];
  /** Makes a sandbox and resolves when it is usable; progress goes to `emit` as `provisioning_step` events. */
  createSandbox(spec: SandboxSpec, context: CreateContext): Promise<UpstreamSandbox>;
  /** Starts, stops, pauses, resumes or deletes; resolves when the upstream has reached the state. */
  controlSandbox(sandbox_ref: string, action: SandboxControl, signal: AbortSignal): Promise<void>;
  listAgents(sandbox_ref: string, signal: AbortSignal): Promise<Agent[]>;
  installAgent(sandbox_ref: string, agent: string, signal: AbortSignal): Promise<void>;
  /** What a new session of an agent may choose, where it cannot be changed later; each value is what it gets unchosen. */
  newSessionOptions?(sandbox_ref: string, agent: string, signal: AbortSignal): Promise<SessionOption[]>;
  /**
   * Sessions the upstream remembers, whoever made them. `fresh`: somebody asked just now; otherwise what is dear to find
   * out may be as it was minutes ago.
   */
  listSessions(sandbox_ref: string, signal: AbortSignal, fresh?: boolean): Promise<UpstreamSession[]>;
  /** Opens a new upstream session, or the one of `resume`, and keeps following it until the link is closed. */
  openSession(request: OpenSession): Promise<SessionLink>;
  /** SSH access, when `capabilities.sandboxes.ssh`. */
  ssh?: SshPort;
  /** Values the upstream keeps itself, when `capabilities.secrets` or `provider_secrets` say so. */
  secrets?: SecretsPort;
  /** Further reads of one sandbox: logs, stats, services, lifecycle events; the key is the capability's name. */
  inspect?(sandbox_ref: string, what: SandboxView, signal: AbortSignal): Promise<unknown>;
  exec?(sandbox_ref: string, request: ExecRequest, signal: AbortSignal): Promise<ExecResult>;
  files?: FilesPort;
  /** Ends every connection and child process of this backend. */
  close(): Promise<void>;
};

export type BackendCheck = {
  state: BackendState;
  detail: string | null;
  version: string | null;
  latency_ms: number | null;
};

export type SandboxControl = "start" | "stop" | "pause" | "resume" | "delete";
export type SandboxView = "logs" | "stats" | "services" | "lifecycle_events";

/** A sandbox as the upstream tells it, already in the domain's words. `ref` is the upstream's id. */
export type UpstreamSandbox = {
  ref: string;
  name: string;
  state: SandboxState;
} & Partial<
  Pick<
    Sandbox,
    | "state_detail"
    | "agent_provider"
    | "endpoint_url"
    | "labels"
    | "persistence"
    | "directory"
    | "repository"
    | "branch"
    | "created_at"
    | "extra"
  >
>;

/** One field that the upstream would refuse: its path in the spec, and what is wrong. */
export type SpecProblem = { path: string; message: string };

export type CreateContext = {
  /** The id Sandbar gave it; the local backend names the folder after it. */
  sandbox_id: string;
  name: string;
  /** `secret_env_vars` resolved by the vault. Never logged, never in an event. */
  secret_values: Readonly<Record<string, string>>;
  /** The `auth.json` of the Codex sign-in that goes in, where a file can be put; as secret. */
  codex_sign_in?: string | null;
  emit: (event: DomainEvent) => void;
  signal: AbortSignal;
};

export type UpstreamSession = {
  ref: string;
  agent: string;
  title: string | null;
  state: "active" | "processing" | "waiting_for_input" | "completed" | "failed";
  created_at: string | null;
  updated_at: string | null;
  metadata?: Record<string, unknown>;
};

/**
 * What an adapter reports of a session. `user_message` and `turn_started` are reported only for turns that another
 * client began; the server writes its own. A turn ends with exactly one `session_completed` or `session_failed`:
 * the server fills in `session_id`, `turn_id` and `duration_ms`, so an adapter passes "" and null there.
 * Request ids are the adapter's, unique within the session; the server makes them global.
 */
export type LinkEvent = {
  event: DomainEvent;
  /** The upstream payload, kept for the Events tab. */
  raw?: unknown;
  /** It is history, told now: when it happened and how long it took is not known. */
  past?: true;
  /** Where to resume after this event; handed back as `OpenSession.resume.cursor`. */
  cursor?: string;
};

/** What Sandbar sent upstream, for the request log; tokens are never part of it. */
export type Exchange = {
  at: string;
  method: string;
  url: string;
  body: unknown;
  status: number | null;
  duration_ms: number;
  error: string | null;
};

export type OpenSession = {
  sandbox_ref: string;
  /** Sandbar's id of the session: an upstream that lets its client choose ids gets this one. */
  session_id: string;
  agent: string;
  title: string | null;
  directory: string | null;
  /** Option id (or category) → value, to set at once where the upstream can. */
  options: Readonly<Record<string, string | boolean>>;
  metadata: Readonly<Record<string, unknown>>;
  /** Present when the session existed before: after a restart of Sandbar or of the sandbox, or one discovered upstream. */
  resume: { ref: string; cursor: string | null } | null;
  /** Wanted history: `replay` emits what the upstream still knows (a discovered session); `none` only what is new. */
  history: "replay" | "none";
  emit: (event: LinkEvent) => void;
  /** The link is gone for good (agent exited, server unreachable past the retry limit); the reason is for people. */
  onClosed: (reason: LinkClosed) => void;
  /** The connection broke and is being made again: a good moment to ask how the backend is. */
  onTrouble?: () => void;
  onExchange?: (exchange: Exchange) => void;
  signal: AbortSignal;
};

export type LinkClosed = { reason: string; stderr: string | null; recoverable: boolean };

/** A live connection to one upstream session. */
export type SessionLink = {
  /** The upstream's session id; stored, and handed back as `resume.ref`. */
  readonly ref: string;
  /**
   * False: what ran the session before is gone, so a turn that was still open is lost and the server ends it. True: it
   * goes on, and its end arrives as an event. Absent: the upstream does not say.
   */
  readonly continued?: boolean;
  readonly title: string | null;
  readonly options: SessionOption[];
  readonly commands: AgentCommand[];
  /** Sends one prompt. Resolves when the upstream accepted it; the turn's end arrives as an event. */
  prompt(content: readonly ContentBlock[]): Promise<void>;
  /** Asks the running turn to stop; its end still arrives as an event. */
  interrupt(): Promise<void>;
  /** Answers a permission. `option_id` names the agent's own option when the person picked one. */
  replyPermission(request_id: string, answer: PermissionAnswer): Promise<void>;
  /** Answers a question, one array of labels or texts for each question; null rejects it. */
  replyQuestion(request_id: string, answers: readonly (readonly string[])[] | null): Promise<void>;
  setOption(id: string, value: string | boolean): Promise<SessionOption[]>;
  setTitle?(title: string): Promise<void>;
  setMetadata?(metadata: Record<string, unknown>): Promise<void>;
  /** `end` closes the upstream session for good; `detach` only stops following it. */
  close(how: "end" | "detach"): Promise<void>;
};

export type PermissionAnswer = { reply: Reply; option_id: string | null; message: string | null };

export type SshAccess = {
  destination: string;
  command: string;
  token: string;
  expires_at: string;
  directory: string | null;
  host_key: string | null;
};
export type SshPort = {
  grant(sandbox_ref: string, signal: AbortSignal): Promise<SshAccess>;
  revoke(sandbox_ref: string, token: string, signal: AbortSignal): Promise<void>;
};

export type UpstreamSecret = {
  ref: string;
  name: string;
  description: string | null;
  scope: "user" | "org";
  created_at: string | null;
  updated_at: string | null;
};
export type UpstreamCredential = UpstreamSecret & { provider: string; type: ProviderCredential["type"] };

export type SecretsPort = {
  list(signal: AbortSignal): Promise<UpstreamSecret[]>;
  create(
    secret: { name: string; value: string; description: string | null; scope: "user" | "org" },
    signal: AbortSignal,
  ): Promise<UpstreamSecret>;
  update(
    ref: string,
    change: { value?: string; name?: string; description?: string | null; scope?: "user" | "org" },
    signal: AbortSignal,
  ): Promise<void>;
  remove(ref: string, signal: AbortSignal): Promise<void>;
  listCredentials(provider: string, signal: AbortSignal): Promise<UpstreamCredential[]>;
  createCredential(
    provider: string,
    credential: { name: string; value: string; type: ProviderCredential["type"]; scope: "user" | "org" },
    signal: AbortSignal,
  ): Promise<UpstreamCredential>;
  removeCredential(provider: string, ref: string, signal: AbortSignal): Promise<void>;
};

export type ExecRequest = {
  command: string[];
  workdir?: string;
  env?: Record<string, string>;
  stdin?: string;
  timeout_secs?: number;
};
export type ExecResult = { exit_code: number; stdout: string; stderr: string; duration_ms: number };

export type FileInfo = { path: string; size: number; is_dir: boolean; modified_at: string | null };
export type FilesPort = {
  list(sandbox_ref: string, path: string, signal: AbortSignal): Promise<FileInfo[]>;
  read(sandbox_ref: string, path: string, signal: AbortSignal): Promise<Uint8Array>;
  write(sandbox_ref: string, path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  remove(sandbox_ref: string, path: string, signal: AbortSignal): Promise<void>;
  /** Makes a folder and those above it; `already_exists` when something has its name. */
  makeFolder?(sandbox_ref: string, path: string, signal: AbortSignal): Promise<void>;
  /** Gives a file or a folder another name or place; `already_exists` instead of taking another's. */
  move?(sandbox_ref: string, from: string, to: string, signal: AbortSignal): Promise<void>;
  /** Files whose relative path contains `text`, for a mention in a message. */
  search?(sandbox_ref: string, text: string, limit: number, signal: AbortSignal): Promise<FileInfo[]>;
};
