import { useQuery } from "@tanstack/react-query";
import { messageOf } from "#src/web/api/api-error.ts";
import { meQuery } from "#src/web/api/queries/system.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { Section } from "#src/web/ui/section.tsx";

/** What runs here and where it keeps its data. */
export function AboutSection() {
  const me = useQuery(meQuery);
  return (
    <Section title="About">
      {me.isPending ? (
        <SkeletonRows rows={4} rowClassName="h-6" />
      ) : me.isError ? (
        <Banner tone="error" title="The server's details could not be loaded.">
          {messageOf(me.error)}
        </Banner>
      ) : (
        <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5 [&_dt]:text-muted">
          <dt>Sandbar</dt>
          <dd>{me.data.version}</dd>
          <dt>Sandbox Agent</dt>
          <dd>{me.data.agent_server_version ?? "Not found on this machine"}</dd>
          <dt>Node</dt>
          <dd>{me.data.node_version}</dd>
          <dt>Running since</dt>
          <dd>
            <RelativeTime at={me.data.started_at} />
          </dd>
          <dt>Signed in as</dt>
          <dd>{me.data.name}</dd>
          <dt>Data directory</dt>
          <dd className="flex min-w-0 items-center gap-1">
            <code className="min-w-0 break-all">{me.data.data_dir}</code>
            <CopyButton text={me.data.data_dir} label="Copy path" />
          </dd>
        </dl>
      )}
    </Section>
  );
}
