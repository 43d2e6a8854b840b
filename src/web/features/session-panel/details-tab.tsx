import type { Sandbox } from "#src/domain/sandbox.ts";
import { folderOf } from "#src/domain/session-folder.ts";
import type { Session } from "#src/domain/session.ts";
import type { ReactNode } from "react";
import { formatCost, formatCount } from "#src/lib/format.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { KeyValues } from "#src/web/ui/content/key-values.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";

type DetailsTabProps = { session: Session; sandbox: Sandbox | null; store: TranscriptStore };

/** What there is to know about a session besides its conversation. */
export function DetailsTab({ session, sandbox, store }: DetailsTabProps) {
  return (
    <div className="flex flex-col gap-5 p-3">
      <Part title="Session">
        <Line name="Id">
          <Id value={session.id} />
        </Line>
        <Line name="Agent">{visibleText(session.agent)}</Line>
        <Line name="State">
          {session.state.replaceAll("_", " ")}
          {session.state_detail && <span className="text-faint"> {visibleText(session.state_detail)}</span>}
        </Line>
        <Line name="Started">
          <RelativeTime at={session.created_at} />
        </Line>
        <Line name="Last activity">
          <RelativeTime at={session.last_activity_at} />
        </Line>
      </Part>
      <Part title="Sandbox">
        <Line name="Name">{visibleText(session.sandbox_name)}</Line>
        <Line name="Id">
          <Id value={session.sandbox_id} />
        </Line>
        <Line name="State">{sandbox?.state ?? "gone"}</Line>
        <Line name="Folder">
          <span className="font-mono text-code break-all">
            {visibleText(folderOf(session, sandbox) ?? "unknown")}
          </span>
        </Line>
        {sandbox?.repository && <Line name="Repository">{visibleText(sandbox.repository)}</Line>}
        {sandbox?.branch && <Line name="Branch">{visibleText(sandbox.branch)}</Line>}
      </Part>
      {session.options.length > 0 && (
        <Part title="Options">
          {session.options.map((option) => (
            <Line key={option.id} name={visibleText(option.name)}>
              {visibleText(
                option.choices.find((choice) => choice.value === option.value)?.name ?? String(option.value),
              )}
            </Line>
          ))}
        </Part>
      )}
      <UsagePart store={store} />
      {Object.keys(session.metadata).length > 0 && (
        <section>
          <PartTitle>Metadata</PartTitle>
          <KeyValues value={session.metadata} />
        </section>
      )}
    </div>
  );
}

function UsagePart({ store }: { store: TranscriptStore }) {
  const usage = useTranscript(store, ({ transcript }) => transcript?.view.usage ?? null);
  if (!usage) return null;
  const figures = [
    ["In the context", usage.used],
    ["Context holds", usage.size],
    ["Tokens in", usage.input_tokens],
    ["Tokens out", usage.output_tokens],
    ["From the cache", usage.cached_tokens],
  ] as const;
  return (
    <Part title="Usage">
      {figures.map(
        ([name, value]) =>
          value !== null && (
            <Line key={name} name={name}>
              {formatCount(value)}
            </Line>
          ),
      )}
      {usage.cost && <Line name="Cost">{formatCost(usage.cost.amount, usage.cost.currency)}</Line>}
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <PartTitle>{title}</PartTitle>
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">{children}</dl>
    </section>
  );
}

function PartTitle({ children }: { children: string }) {
  return <h3 className="mb-1.5 text-xs font-medium text-faint">{children}</h3>;
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Id({ value }: { value: string }) {
  return (
    <span className="flex items-center gap-1">
      <span className="min-w-0 truncate font-mono text-code">{value}</span>
      <CopyButton text={value} label="Copy id" />
    </span>
  );
}
