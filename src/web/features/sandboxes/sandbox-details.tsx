import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import {
  sandboxLifecycleQuery,
  sandboxServicesQuery,
  sandboxStatsQuery,
} from "#src/web/api/queries/sandboxes.ts";
import { KeyValues } from "#src/web/ui/content/key-values.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { SandboxSettings } from "./sandbox-settings.tsx";
import { specFacts } from "./spec-facts.logic.ts";
import { SshPanel } from "./ssh-panel.tsx";

type SandboxDetailsProps = { sandbox: Sandbox; backend: Backend | undefined };

/** Everything known of a sandbox, and what can be changed of it. */
export function SandboxDetails({ sandbox, backend }: SandboxDetailsProps) {
  const can = backend?.capabilities.sandboxes;
  return (
    <div className="grid gap-x-8 gap-y-6 pt-4 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-6">
        <Section title="Identity">
          <Facts
            facts={[
              ["Id", sandbox.id],
              ["Id at its backend", sandbox.upstream_id === sandbox.id ? null : sandbox.upstream_id],
              ["Folder", sandbox.directory],
              ["Address", sandbox.endpoint_url],
              ["Lives", sandbox.persistence === "ephemeral" ? "until it stops" : null],
            ]}
          />
        </Section>
        {can?.create !== false && (
          <Section title="How it was asked for">
            <Facts facts={specFacts(sandbox)} />
          </Section>
        )}
        {Object.keys(sandbox.extra).length > 0 && (
          <Section title="What its backend says">
            <KeyValues value={sandbox.extra} />
          </Section>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <Section title="Settings">
          <SandboxSettings key={sandbox.id} sandbox={sandbox} backend={backend} />
        </Section>
        <Section title="SSH access">
          <SshPanel sandbox={sandbox} backend={backend} />
        </Section>
        {can?.stats && sandbox.state === "running" && (
          <Section title="Resource use">
            <Stats sandbox_id={sandbox.id} />
          </Section>
        )}
        {can?.services && (
          <Section title="Services">
            <Services sandbox_id={sandbox.id} />
          </Section>
        )}
        {can?.lifecycle_events && (
          <Section title="Lifecycle events">
            <LifecycleEvents sandbox_id={sandbox.id} />
          </Section>
        )}
      </div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}

type FactsProps = { facts: readonly (readonly [name: string, value: string | null])[] };

/** Names and values; what is not known is left out. */
function Facts({ facts }: FactsProps) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="group contents">
            <dt className="text-faint">{name}</dt>
            <dd className="flex min-w-0 items-start gap-1">
              <span className="min-w-0 font-mono text-code whitespace-pre-wrap">{value}</span>
              <CopyButton text={value} label={`Copy ${name.toLowerCase()}`} className="-my-0.5" />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Services({ sandbox_id }: { sandbox_id: string }) {
  return <Records result={useQuery(sandboxServicesQuery(sandbox_id))} none="It serves nothing." />;
}

function Stats({ sandbox_id }: { sandbox_id: string }) {
  const { data: stats, error, isPending } = useQuery(sandboxStatsQuery(sandbox_id));
  if (isPending) return <SkeletonRows rows={2} />;
  if (!stats) return <p className="text-muted">It could not be read: {messageOf(error)}</p>;
  return <KeyValues value={stats} />;
}

function LifecycleEvents({ sandbox_id }: { sandbox_id: string }) {
  return (
    <Records result={useQuery(sandboxLifecycleQuery(sandbox_id))} none="Nothing has happened to it yet." />
  );
}

type RecordsProps = { result: UseQueryResult<Record<string, unknown>[]>; none: string };

/** A list that only the backend understands, shown as it is told. */
function Records({ result: { data: records, error, isPending }, none }: RecordsProps) {
  if (isPending) return <SkeletonRows rows={2} />;
  if (!records) return <p className="text-muted">It could not be read: {messageOf(error)}</p>;
  if (records.length === 0) return <p className="text-muted">{none}</p>;
  return (
    <ul className="flex flex-col gap-2">
      {records.map((record, index) => (
        <li key={index} className="rounded-control border border-border p-2">
          <KeyValues value={record} />
        </li>
      ))}
    </ul>
  );
}
