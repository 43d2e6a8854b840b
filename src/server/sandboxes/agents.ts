import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import type { Agent } from "#src/domain/agent.ts";

type KnownAgent = { id: string; name: string; about: string; sign_in: string };

const MOCK: KnownAgent = {
  id: "mock",
  name: "Mock agent",
  about: "A scripted agent to try Sandbar with; it needs no network and no keys.",
  sign_in: "",
};

/** The agents sandbox-agent 0.4 can run, in the order people look for them. */
const KNOWN: readonly KnownAgent[] = [
  MOCK,
  {
    id: "claude",
    name: "Claude Code",
    about: "Anthropic's coding agent.",
    sign_in: "add a Claude credential, or set ANTHROPIC_API_KEY",
  },
  {
    id: "codex",
    name: "Codex",
    about: "OpenAI's coding agent.",
    sign_in: "add a Codex credential, or set OPENAI_API_KEY",
  },
  {
    id: "opencode",
    name: "OpenCode",
    about: "The open source coding agent; it works with many providers.",
    sign_in: "set a provider's key, such as ANTHROPIC_API_KEY or OPENAI_API_KEY",
  },
  { id: "amp", name: "Amp", about: "Sourcegraph's coding agent.", sign_in: "set AMP_API_KEY" },
  { id: "pi", name: "Pi", about: "A small coding agent.", sign_in: "sign in with its own command" },
  { id: "cursor", name: "Cursor", about: "Cursor's coding agent.", sign_in: "set CURSOR_API_KEY" },
];

/**
 * The agents of a sandbox as the page shows them: the mock first, then the known ones, then any the server knows
 * beyond them; each with its true state there and one sentence on what is missing. `signed_in` are those that have a
 * sign-in where the server does not look.
 */
export function presentAgents(reported: readonly Agent[], signed_in: readonly string[] = []): Agent[] {
  const known = KNOWN.map((agent) => {
    const found = reported.find(({ id }) => id === agent.id);
    return present(
      agent,
      found && signed_in.includes(agent.id) ? { ...found, credentials_available: true } : found,
    );
  });
  const names = new Set(KNOWN.map(({ id }) => id));
  return [...known, ...reported.filter(({ id }) => !names.has(id))];
}

function present(known: KnownAgent, reported: Agent | undefined): Agent {
  const installed = reported?.installed ?? false;
  const credentials_available = reported?.credentials_available ?? false;
  return {
    id: known.id,
    name: known.name,
    installed,
    credentials_available,
    installable: known.id !== MOCK.id && reported !== undefined,
    version: reported?.version ?? null,
    detail: detailOf(known, reported, installed, credentials_available),
  };
}

function detailOf(
  known: KnownAgent,
  reported: Agent | undefined,
  installed: boolean,
  signedIn: boolean,
): string {
  if (reported === undefined) return `${known.about} This version of sandbox-agent does not have it.`;
  if (known.id === MOCK.id)
    return installed ? known.about : "Its program has not been built: run npm run build.";
  if (!installed) return `${known.about} Not installed here; Install downloads it.`;
  if (reported.detail !== null) return `Installed, but it says: ${reported.detail}`;
  if (!signedIn) return `Installed, but no credentials were found: ${known.sign_in}.`;
  return known.about;
}

/** Where the agent server puts what the installer printed (specs/sandbox-agent-acp.md, section 2). */
const InstallFailure = z.object({ body: z.object({ details: z.object({ stderr: z.string() }) }) });
const LONGEST_REASON = 300;

/** A failed install in a sentence that holds the installer's own reason; other errors as they are. */
export function explainInstallFailure(agent: string, error: unknown): unknown {
  if (!(error instanceof BackendError)) return error;
  const failure = InstallFailure.safeParse(error.details);
  if (!failure.success) return error;
  const reason = failure.data.body.details.stderr.trim().slice(0, LONGEST_REASON);
  const name = KNOWN.find(({ id }) => id === agent)?.name ?? agent;
  const offline = /error trying to connect|dns error|error sending request|ENOTFOUND|ECONNREFUSED/.test(
    reason,
  );
  const hint = offline ? "; this machine must reach the network for it" : "";
  const message = `${name} could not be installed${hint} (${reason}).`;
  return new BackendError("agent_not_installed", message, { cause: error, details: error.details });
}
