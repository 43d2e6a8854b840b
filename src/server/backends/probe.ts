import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import { VERSION_PATH } from "#src/backends/sandbox-agent/client.ts";
import { createHttp, type Http } from "#src/backends/shared/http.ts";
import type { BackendKind } from "#src/domain/backend.ts";
import type { Fetch } from "./long-fetch.ts";

type Attempt = { kind: BackendKind; path: string; outcome: string };

export type ProbeResult = {
  ok: boolean;
  kind: BackendKind | null;
  version: string | null;
  latency_ms: number | null;
  message: string;
  attempts: Attempt[];
  /** Why nothing was found: nobody answers at all, or somebody else does. */
  failure: "unreachable" | "unauthorized" | "unknown" | null;
};
export type Probe = (url: string, token: string | null) => Promise<ProbeResult>;

type Sign = {
  kind: Exclude<BackendKind, "local">;
  path: string;
  schema: z.ZodType;
  /** Where it tells its version, if it does. */
  version_path?: string;
};

/**
 * What only one kind answers, the richest first: another Sandbar speaks all but the first, and carries most by the
 * Sessions API. Each schema is the least that tells the kinds apart.
 */
const signs: readonly Sign[] = [
  {
    kind: "sandbox_agent",
    path: "/v1/acp",
    schema: z.looseObject({ servers: z.array(z.unknown()) }),
    version_path: VERSION_PATH,
  },
  {
    kind: "sessions_api",
    path: "/api/v1/sandboxes",
    schema: z.array(z.unknown()),
    version_path: "/api/v1/me",
  },
  { kind: "amika", path: "/api/v0beta1/sandboxes", schema: z.array(z.unknown()) },
  {
    kind: "sandbox_agent_rest",
    path: "/v1/sessions",
    schema: z.looseObject({ sessions: z.array(z.unknown()) }),
  },
];

const PATIENCE_MS = 8_000;

/** Finds out what answers at an address. A refused token is an answer too: the kind is known then, and the message says so. */
export function createProbe(fetch: Fetch): Probe {
  return async (url, token) => {
    const started = performance.now();
    const attempts: Attempt[] = [];
    let refused: Sign | null = null;
    let firstFailure: BackendError | null = null;
    for (const sign of signs) {
      const http = createHttp({ base_url: url, token, timeout_ms: PATIENCE_MS, max_bytes: 4_000_000, fetch });
      try {
        await http.json({ path: sign.path }, sign.schema);
        const latency_ms = Math.round(performance.now() - started);
        attempts.push({ kind: sign.kind, path: sign.path, outcome: "answers" });
        return {
          ok: true,
          kind: sign.kind,
          version: sign.version_path ? await versionAt(http, sign.version_path) : null,
          latency_ms,
          message: `Found: ${names[sign.kind]}.`,
          attempts,
          failure: null,
        };
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        attempts.push({ kind: sign.kind, path: sign.path, outcome: error.message });
        firstFailure ??= error;
        if (error.code === "unauthorized") refused ??= sign;
        if (endsProbing(error)) break;
      }
    }
    const found = { ok: false, kind: refused?.kind ?? null, version: null, latency_ms: null, attempts };
    if (refused) {
      const what = token ? "this token" : "calls without a token";
      return {
        ...found,
        message: `${names[refused.kind]} answers, but does not take ${what}.`,
        failure: "unauthorized",
      };
    }
    if (firstFailure && endsProbing(firstFailure)) {
      return { ...found, message: firstFailure.message, failure: "unreachable" };
    }
    const message = "Something answers there, but none of the known APIs. Check the address and its port.";
    return { ...found, message, failure: "unknown" };
  };
}

const Version = z.looseObject({ version: z.string() });

async function versionAt(http: Http, path: string): Promise<string | null> {
  try {
    return (await http.json({ path }, Version)).version;
  } catch (error) {
    // A server of the same API that does not tell it.
    if (error instanceof BackendError) return null;
    throw error;
  }
}

/** Failures of the address itself, which another path would not change. */
function endsProbing({ code }: BackendError): boolean {
  return code === "unreachable" || code === "timeout" || code === "invalid_request";
}

const names: Record<Exclude<BackendKind, "local">, string> = {
  sandbox_agent: "Sandbox Agent (0.2 or newer, ACP)",
  sandbox_agent_rest: "Sandbox Agent (0.1.x)",
  sessions_api: "a Sessions API server",
  amika: "Amika",
};
