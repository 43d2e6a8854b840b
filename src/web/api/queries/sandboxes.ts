import { mutationOptions, queryOptions, skipToken } from "@tanstack/react-query";
import type { BodyIn, ResponseOf } from "#src/contract/routes.ts";
import type { Agent } from "#src/domain/agent.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { call } from "#src/web/api/call.ts";
import { createResender } from "#src/web/api/resend.ts";
import { toPage } from "#src/web/api/list-page.ts";

/** Every key starts with `sandboxes`; those of one sandbox with `["sandboxes", "one", sandbox_id]`. */
export const sandboxKeys = {
  all: ["sandboxes"] as const,
  list: ["sandboxes", "list"] as const,
  one: (sandbox_id: string) => ["sandboxes", "one", sandbox_id] as const,
  agents: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "agents"] as const,
  install: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "install"] as const,
  impact: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "impact"] as const,
  logs: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "logs"] as const,
  stats: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "stats"] as const,
  services: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "services"] as const,
  lifecycleEvents: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "lifecycle-events"] as const,
  ssh: (sandbox_id: string) => ["sandboxes", "one", sandbox_id, "ssh"] as const,
};

/** Every sandbox of every backend, newest activity first. */
export function sandboxesQuery() {
  return queryOptions({ queryKey: sandboxKeys.list, queryFn: ({ signal }) => fetchAll(signal) });
}

/** One sandbox, by id or name. */
export function sandboxQuery(sandbox_id: string) {
  return queryOptions({
    queryKey: sandboxKeys.one(sandbox_id),
    queryFn: ({ signal }) => call("GET /sandboxes/{sandbox_id}", { params: { sandbox_id }, signal }),
  });
}

/** The agents a running sandbox offers. */
export function sandboxAgentsQuery(sandbox_id: string) {
  return queryOptions({
    queryKey: sandboxKeys.agents(sandbox_id),
    queryFn: ({ signal }) => call("GET /sandboxes/{sandbox_id}/agents", { params: { sandbox_id }, signal }),
  });
}

/** What a new session of an agent may choose; not asked before there is an agent. */
export function newSessionOptionsQuery(sandbox_id: string, agent: string | undefined) {
  return queryOptions({
    queryKey: [...sandboxKeys.agents(sandbox_id), agent, "options"],
    queryFn: agent
      ? ({ signal }) =>
          call("GET /sandboxes/{sandbox_id}/agents/{agent}/options", {
            params: { sandbox_id, agent },
            signal,
          })
      : skipToken,
  });
}

/** What a stop or delete would lose. Always asked anew: an old answer could hide a turn that has begun since. */
export function sandboxImpactQuery(sandbox_id: string) {
  return queryOptions({
    queryKey: sandboxKeys.impact(sandbox_id),
    queryFn: ({ signal }) => call("GET /sandboxes/{sandbox_id}/impact", { params: { sandbox_id }, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** The newest lines of its log. `live` asks again every second, for the time a setup script runs. */
export function sandboxLogsQuery(sandbox_id: string, { live = false }: { live?: boolean } = {}) {
  return queryOptions({
    queryKey: sandboxKeys.logs(sandbox_id),
    queryFn: async ({ signal }) => {
      const query = { tail: "1000" };
      const { logs } = await call("GET /sandboxes/{sandbox_id}/logs", {
        params: { sandbox_id },
        query,
        signal,
      });
      return logs;
    },
    refetchInterval: live ? 1000 : false,
  });
}

/** What it serves, as its backend tells it. */
export function sandboxServicesQuery(sandbox_id: string) {
  return queryOptions({
    queryKey: sandboxKeys.services(sandbox_id),
    queryFn: ({ signal }) => call("GET /sandboxes/{sandbox_id}/services", { params: { sandbox_id }, signal }),
  });
}

/** What it uses now; asked again as long as somebody looks. */
export function sandboxStatsQuery(sandbox_id: string) {
  return queryOptions({
    queryKey: sandboxKeys.stats(sandbox_id),
    queryFn: ({ signal }) => call("GET /sandboxes/{sandbox_id}/stats", { params: { sandbox_id }, signal }),
    refetchInterval: 5_000,
  });
}

/** What happened to it, as its backend tells it. */
export function sandboxLifecycleQuery(sandbox_id: string) {
  return queryOptions({
    queryKey: sandboxKeys.lifecycleEvents(sandbox_id),
    queryFn: ({ signal }) =>
      call("GET /sandboxes/{sandbox_id}/lifecycle-events", { params: { sandbox_id }, signal }),
  });
}

const resender = createResender();

export const createSandboxMutation = mutationOptions({
  mutationFn: (body: BodyIn<"POST /sandboxes">) =>
    resender.send(body, (key) => call("POST /sandboxes", { body, key })),
  onSuccess: (_made, _body, _result, { client }) => client.invalidateQueries({ queryKey: sandboxKeys.list }),
});

export type SandboxControl = "start" | "stop" | "pause" | "resume";

/** Starts, stops, pauses or resumes. The row follows the events; the answer only makes sure of it. */
export const controlSandboxMutation = mutationOptions({
  mutationFn: ({ sandbox_id, action }: { sandbox_id: string; action: SandboxControl }) =>
    control(sandbox_id, action),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: sandboxKeys.all }),
});

export const deleteSandboxMutation = mutationOptions({
  mutationFn: (sandbox_id: string) => call("DELETE /sandboxes/{sandbox_id}", { params: { sandbox_id } }),
  onSuccess: (_none, sandbox_id, _result, { client }) => {
    client.setQueryData(sandboxesQuery().queryKey, (list) =>
      list?.filter((sandbox) => sandbox.id !== sandbox_id),
    );
  },
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: sandboxKeys.list }),
});

/** Runs a failed setup again. */
export const retrySetupMutation = mutationOptions({
  mutationFn: (sandbox_id: string) => call("POST /sandboxes/{sandbox_id}/setup", { params: { sandbox_id } }),
  onSettled: (_answer, _error, _asked, _result, { client }) =>
    client.invalidateQueries({ queryKey: sandboxKeys.all }),
});

export const updateSandboxMutation = mutationOptions({
  mutationFn: ({ sandbox_id, ...body }: { sandbox_id: string } & BodyIn<"PATCH /sandboxes/{sandbox_id}">) =>
    call("PATCH /sandboxes/{sandbox_id}", { params: { sandbox_id }, body }),
  onSuccess: (sandbox, _asked, _result, { client }) => {
    client.setQueryData(sandboxQuery(sandbox.id).queryKey, sandbox);
    return client.invalidateQueries({ queryKey: sandboxKeys.list });
  },
});

/** Keyed, so that an install that runs is still seen after its tab was left and opened again. */
export function installAgentMutation(sandbox_id: string) {
  return mutationOptions({
    mutationKey: sandboxKeys.install(sandbox_id),
    mutationFn: (agent: string) =>
      call("POST /sandboxes/{sandbox_id}/agents/{agent}/install", { params: { sandbox_id, agent } }),
    onSuccess: (installed, _agent, _result, { client }) => {
      client.setQueryData(sandboxAgentsQuery(sandbox_id).queryKey, (agents: Agent[] | undefined) =>
        agents?.map((agent) => (agent.id === installed.id ? installed : agent)),
      );
    },
    onSettled: (_answer, _error, _asked, _result, { client }) =>
      client.invalidateQueries({ queryKey: sandboxKeys.agents(sandbox_id) }),
  });
}

export type SshAccess = ResponseOf<"POST /sandboxes/{sandbox_id}/ssh">;

/** The SSH access granted from this page. Its token comes once, so it is never fetched and lives as long as the page. */
export function sshAccessQuery(sandbox_id: string) {
  return queryOptions<SshAccess | null>({
    queryKey: sandboxKeys.ssh(sandbox_id),
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
}

export const grantSshMutation = mutationOptions({
  mutationFn: (sandbox_id: string) => call("POST /sandboxes/{sandbox_id}/ssh", { params: { sandbox_id } }),
  onSuccess: (access, sandbox_id, _result, { client }) => {
    client.setQueryData(sshAccessQuery(sandbox_id).queryKey, access);
  },
});

export const revokeSshMutation = mutationOptions({
  mutationFn: ({ sandbox_id, token }: { sandbox_id: string; token: string }) =>
    call("DELETE /sandboxes/{sandbox_id}/ssh", { params: { sandbox_id }, body: { token } }),
  onSuccess: (_none, { sandbox_id }, _result, { client }) => {
    client.setQueryData(sshAccessQuery(sandbox_id).queryKey, null);
  },
});

/** Pages are for the wire; the page itself filters and counts over all of them. */
async function fetchAll(signal: AbortSignal): Promise<Sandbox[]> {
  const sandboxes: Sandbox[] = [];
  let cursor: string | undefined;
  do {
    const query = { page: "1", limit: "1000", cursor } as const;
    const page = toPage(await call("GET /sandboxes", { query, signal }));
    sandboxes.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return sandboxes;
}

/** One literal route each, so that the contract types every call. */
function control(sandbox_id: string, action: SandboxControl) {
  const params = { sandbox_id };
  switch (action) {
    case "start":
      return call("POST /sandboxes/{sandbox_id}/start", { params });
    case "stop":
      return call("POST /sandboxes/{sandbox_id}/stop", { params });
    case "pause":
      return call("POST /sandboxes/{sandbox_id}/pause", { params });
    case "resume":
      return call("POST /sandboxes/{sandbox_id}/resume", { params });
    default:
      return action satisfies never;
  }
}
