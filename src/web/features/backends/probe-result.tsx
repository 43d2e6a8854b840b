import { formatCount } from "#src/lib/format.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { kindLabel, type Probe } from "./connect.logic.ts";

/** What answered at an address, or what failed and what to do; and everything that was tried. */
export function ProbeResult({ probe }: { probe: Probe }) {
  const facts = [
    probe.version && `version ${probe.version}`,
    probe.latency_ms !== null && `${formatCount(Math.round(probe.latency_ms))} ms`,
  ].filter(Boolean);
  return (
    <div className="flex flex-col gap-1">
      <Banner
        tone={probe.ok ? "info" : "warning"}
        title={probe.kind ? [kindLabel(probe.kind), ...facts].join(", ") + "." : undefined}
      >
        {probe.message}
      </Banner>
      {probe.attempts.length > 0 && (
        <Disclosure summary="What was tried">
          <ul className="flex flex-col gap-1 pb-1 pl-5 text-xs">
            {probe.attempts.map(({ kind, path, outcome }) => (
              <li key={`${kind} ${path}`}>
                <code className="font-mono">{path}</code>{" "}
                <span className="text-faint">({kindLabel(kind)})</span>: {outcome}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  );
}
