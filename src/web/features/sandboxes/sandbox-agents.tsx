import { useMutation, useMutationState, useQuery } from "@tanstack/react-query";
import { CircleCheck, Download, KeyRound } from "lucide-react";
import { Link } from "react-router";
import type { Agent } from "#src/domain/agent.ts";
import type { Backend } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { installAgentMutation, sandboxAgentsQuery, sandboxKeys } from "#src/web/api/queries/sandboxes.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { StateDot } from "#src/web/ui/state-dot.tsx";

type SandboxAgentsProps = { sandbox: Sandbox; backend: Backend | undefined };

/** The agents this sandbox can run: which are installed, which have credentials, and how to get the rest. */
export function SandboxAgents({ sandbox, backend }: SandboxAgentsProps) {
  const running = sandboxCan.startSession(sandbox);
  const listed = backend?.capabilities.agents.list ?? true;
  const agents = useQuery({ ...sandboxAgentsQuery(sandbox.id), enabled: running && listed });
  if (!listed) {
    return (
      <EmptyState
        title="Its agents cannot be listed"
        text={backend?.capabilities.notes["agents.list"] ?? "Its backend does not say which agents it has."}
      />
    );
  }
  if (agents.data) {
    return (
      <div className="flex flex-col gap-3 pt-4">
        <ul aria-label="Agents" className="divide-y divide-border rounded-card border border-border">
          {agents.data.map((agent) => (
            <AgentRow key={agent.id} agent={agent} sandbox={sandbox} backend={backend} />
          ))}
        </ul>
        <p className="text-xs text-faint">
          Credentials come from{" "}
          <Link to={paths.secrets()} className="text-accent underline underline-offset-2">
            the secrets page
          </Link>
          ; a sandbox takes new ones at its next start.
        </p>
      </div>
    );
  }
  if (!running) {
    return (
      <EmptyState
        title="Its agents are not known now"
        text="Start the sandbox to see which agents it can run."
      />
    );
  }
  if (agents.isError) {
    return (
      <ErrorState
        title="Agents could not be loaded"
        text={messageOf(agents.error)}
        onRetry={() => void agents.refetch()}
        retrying={agents.isFetching}
      />
    );
  }
  return <SkeletonRows rows={5} rowClassName="h-12" label="Loading agents" />;
}

type AgentRowProps = { agent: Agent; sandbox: Sandbox; backend: Backend | undefined };

function AgentRow({ agent, sandbox, backend }: AgentRowProps) {
  const install = useInstall(sandbox.id, agent.id);
  const offered = !agent.installed && agent.installable && (backend?.capabilities.agents.install ?? true);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-full sm:basis-60">
        <span className="font-medium">{agent.name}</span>
        {agent.version && <span className="ml-2 text-xs text-faint">{agent.version}</span>}
        {agent.detail && <span className="block text-xs text-muted">{agent.detail}</span>}
        {install.failure && (
          <span role="alert" className="block text-xs whitespace-pre-wrap text-failed">
            It was not installed: {install.failure}
          </span>
        )}
      </div>
      <span className="flex w-36 items-center gap-1.5 text-xs text-muted">
        {agent.credentials_available ? (
          <CircleCheck size={14} className="text-ok" aria-hidden />
        ) : (
          <KeyRound size={14} className="text-faint" aria-hidden />
        )}
        {agent.credentials_available ? "credentials found" : "no credentials"}
      </span>
      <div className="flex justify-end max-sm:ml-auto sm:w-32">
        {install.running ? (
          <StateDot tone="working" label="Installing…" />
        ) : agent.installed ? (
          <StateDot tone="ok" label="installed" />
        ) : offered ? (
          <Button size="sm" icon={<Download size={14} aria-hidden />} onClick={install.run}>
            {install.failure ? "Try again" : "Install"}
          </Button>
        ) : (
          <StateDot tone="stopped" label="not installed" />
        )}
      </div>
    </li>
  );
}

/** The newest install of an agent, also one that was begun before this tab was left and opened again. */
function useInstall(sandbox_id: string, agent: string) {
  const { mutate } = useMutation(installAgentMutation(sandbox_id));
  const states = useMutationState({
    filters: { mutationKey: sandboxKeys.install(sandbox_id) },
    select: ({ state }) => state,
  });
  const last = states.findLast(({ variables }) => variables === agent);
  return {
    running: last?.status === "pending",
    failure: last?.status === "error" ? messageOf(last.error) : null,
    run: () => mutate(agent),
  };
}
