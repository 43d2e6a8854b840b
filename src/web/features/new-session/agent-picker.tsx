import { useMutation, useQuery } from "@tanstack/react-query";
import type { Agent } from "#src/domain/agent.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatPlural } from "#src/lib/format.ts";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { installAgentMutation, sandboxAgentsQuery } from "#src/web/api/queries/sandboxes.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { RadioGroup } from "#src/web/ui/radio-group.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { agentState, defaultAgent, isReady } from "./agent-choice.logic.ts";

type AgentPickerProps = {
  sandbox: Sandbox;
  /** The chosen agent; null for the one the sandbox offers first. */
  chosen: string | null;
  onChoose: (agent: string) => void;
};

/** The agents of a sandbox with their true state there; those that are missing can be installed. */
export function AgentPicker({ sandbox, chosen, onChoose }: AgentPickerProps) {
  const agents = useQuery(sandboxAgentsQuery(sandbox.id));
  if (agents.isPending) return <SkeletonRows rows={3} rowClassName="h-12" label="Loading agents" />;
  if (agents.isError) {
    if (isApiError(agents.error, "unsupported")) {
      return (
        <p className="text-muted">
          This backend does not list its agents. The session starts with {sandbox.agent_provider}.
        </p>
      );
    }
    return (
      <Banner
        tone="error"
        title="The agents could not be loaded."
        actions={
          <Button size="sm" onClick={() => void agents.refetch()} busy={agents.isFetching}>
            Try again
          </Button>
        }
      >
        {messageOf(agents.error)}
      </Banner>
    );
  }
  const ready = agents.data.filter(isReady);
  const missing = agents.data.filter((agent) => !isReady(agent));
  return (
    <div className="flex flex-col gap-3">
      {ready.length > 0 && (
        <RadioGroup
          label="Agent"
          cards
          value={chosen ?? defaultAgent(agents.data, sandbox)?.id}
          onValueChange={onChoose}
          items={ready.map((agent) => ({
            value: agent.id,
            label: <AgentName agent={agent} />,
            hint: agent.detail,
          }))}
        />
      )}
      {missing.length > 0 && (
        <Disclosure
          summary={`${formatPlural(missing.length, "more agent")} not installed`}
          defaultOpen={ready.length === 0}
        >
          <ul className="flex flex-col divide-y divide-border rounded-control border border-border">
            {missing.map((agent) => (
              <MissingAgent key={agent.id} agent={agent} sandbox_id={sandbox.id} />
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  );
}

function AgentName({ agent }: { agent: Agent }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <span className="font-medium">{agent.name}</span>
      {agent.version && <span className="text-xs text-faint">{agent.version}</span>}
      <span className="text-xs text-muted">{agentState(agent)}</span>
    </span>
  );
}

function MissingAgent({ agent, sandbox_id }: { agent: Agent; sandbox_id: string }) {
  const install = useMutation(installAgentMutation(sandbox_id));
  return (
    <li className="flex flex-wrap items-center gap-2 px-2.5 py-2">
      <div className="min-w-0 flex-1">
        <AgentName agent={agent} />
        {install.isError && (
          <p role="alert" className="text-xs text-failed">
            {messageOf(install.error)}
          </p>
        )}
        {!install.isError && agent.detail && <p className="text-xs text-faint">{agent.detail}</p>}
      </div>
      {agent.installable && (
        <Button
          size="sm"
          aria-label={`Install ${agent.name}`}
          onClick={() => install.mutate(agent.id)}
          busy={install.isPending}
        >
          Install
        </Button>
      )}
    </li>
  );
}
