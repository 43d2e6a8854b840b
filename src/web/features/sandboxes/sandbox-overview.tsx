import { useMutation, useQuery } from "@tanstack/react-query";
import { MessageSquarePlus, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { isTransient, sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatPlural } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { retrySetupMutation, sandboxLogsQuery } from "#src/web/api/queries/sandboxes.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button, buttonClass } from "#src/web/ui/button.tsx";
import { OutputBox } from "#src/web/ui/content/output-box.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { failedStep, stepRows, type StepRow } from "./provisioning.logic.ts";
import { ProvisioningLog } from "./provisioning-log.tsx";
import { SessionRows } from "./session-rows.tsx";

type SandboxOverviewProps = { sandbox: Sandbox; backend: Backend | undefined };

/** How it stands: what failed and how to go on, how it was made, and its newest output. */
export function SandboxOverview({ sandbox, backend }: SandboxOverviewProps) {
  const rows = stepRows(sandbox.provisioning);
  return (
    <div className="flex flex-col gap-4 pt-4">
      <Failure sandbox={sandbox} />
      {sandboxCan.startSession(sandbox) && sandbox.session_count === 0 && (
        <div className="rounded-card border border-border bg-surface">
          <EmptyState
            icon={<MessageSquarePlus size={20} />}
            title="It is ready"
            text="Start a session and tell an agent what to do in it."
            actions={
              <Link
                to={paths.newSession({ sandbox: sandbox.id })}
                className={buttonClass({ variant: "primary" })}
              >
                Start the first session
              </Link>
            }
          />
        </div>
      )}
      {sandbox.session_count > 0 && <RecentSessions sandbox={sandbox} />}
      {rows.length > 0 && <Provisioning rows={rows} />}
      {/* What a sandbox that runs well writes interests few; of one that does not run, it is the first thing to read. */}
      <Disclosure summary="Output" defaultOpen={sandbox.state !== "running"}>
        {backend?.capabilities.sandboxes.logs ? (
          <Logs sandbox={sandbox} />
        ) : (
          <p className="text-muted">
            {backend?.capabilities.notes["sandboxes.logs"] ?? "Its backend keeps no output that can be read."}
          </p>
        )}
      </Disclosure>
    </div>
  );
}

const sessionsShown = 5;

function RecentSessions({ sandbox }: { sandbox: Sandbox }) {
  const { data: page } = useQuery(sessionsQuery({ sandbox: sandbox.id }));
  if (!page) return <SkeletonRows rows={2} rowClassName="h-13" label="Loading sessions" />;
  if (page.items.length === 0) return null;
  return (
    <Section title="Latest sessions">
      <SessionRows sessions={page.items.slice(0, sessionsShown)} />
    </Section>
  );
}

/** Open while there is something to follow or to mend, else one line. */
function Provisioning({ rows }: { rows: readonly StepRow[] }) {
  const settled = rows.every(({ status }) => status === "done" || status === "skipped");
  if (!settled) {
    return (
      <Section title="How it is made">
        <ProvisioningLog rows={rows} />
      </Section>
    );
  }
  return (
    <Disclosure summary={`Made in ${formatPlural(rows.length, "step")}`}>
      <ProvisioningLog rows={rows} />
    </Disclosure>
  );
}

function Failure({ sandbox }: { sandbox: Sandbox }) {
  const retry = useMutation(retrySetupMutation);
  const failed = failedStep(sandbox.provisioning);
  if (sandbox.state !== "failed" && !failed) return null;
  if (isTransient(sandbox.state)) return null;
  const handleRetry = () =>
    retry.mutate(sandbox.id, {
      onError: (error) => toast.error(`${sandbox.name}: the setup was not run again`, messageOf(error)),
    });
  return (
    <Banner
      tone="error"
      title={failed ? `It failed at “${failed.label}”.` : "It failed."}
      actions={
        failed && (
          <Button
            size="sm"
            icon={<RotateCw size={14} aria-hidden />}
            onClick={handleRetry}
            busy={retry.isPending}
          >
            Run the setup again
          </Button>
        )
      }
    >
      {sandbox.state_detail ?? failed?.detail}
    </Banner>
  );
}

function Logs({ sandbox }: { sandbox: Sandbox }) {
  const live = isTransient(sandbox.state);
  const { data: lines, error, isPending, refetch } = useQuery(sandboxLogsQuery(sandbox.id, { live }));
  if (isPending) return <SkeletonRows rows={3} rowClassName="h-4" label="Loading output" />;
  if (!lines) {
    return (
      <p className="text-muted">
        The output could not be read: {messageOf(error)}{" "}
        <Button size="sm" onClick={() => void refetch()}>
          Try again
        </Button>
      </p>
    );
  }
  if (lines.length === 0) return <p className="text-muted">Nothing was written yet.</p>;
  return <OutputBox text={lines.join("\n")} label={`Output of ${sandbox.name}`} live />;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}
