import { formatDuration } from "#src/lib/format.ts";
import type { CommandResult } from "#src/web/api/queries/files.ts";
import { OutputBox } from "#src/web/ui/content/output-box.tsx";
import { StateDot } from "#src/web/ui/state-dot.tsx";

export type CommandRun = { id: string; line: string; folder: string } & (
  | { result: CommandResult }
  | { failure: string }
);

/** A command that ran: how it ended, and what it printed. */
export function CommandRunView({ run }: { run: CommandRun }) {
  return (
    <article className="flex flex-col gap-1.5">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <code className="min-w-0 flex-1 font-mono text-code break-all">
          {run.folder && <span className="text-faint">{run.folder} </span>}
          <span className="text-faint">$ </span>
          {run.line}
        </code>
        {"result" in run ? (
          <>
            <StateDot
              tone={run.result.exit_code === 0 ? "ok" : "failed"}
              label={`exit ${run.result.exit_code}`}
            />
            <span className="text-xs text-faint">{formatDuration(run.result.duration_ms)}</span>
          </>
        ) : (
          <StateDot tone="failed" label="did not end" />
        )}
      </header>
      {"result" in run ? <Printed result={run.result} /> : <p className="text-failed">{run.failure}</p>}
    </article>
  );
}

function Printed({ result: { stdout, stderr } }: { result: CommandResult }) {
  if (stdout === "" && stderr === "") return <p className="text-xs text-faint">It printed nothing.</p>;
  return (
    <>
      {stdout !== "" && <OutputBox text={stdout} label="Output" />}
      {stderr !== "" && (
        <>
          <p className="text-xs text-faint">Errors and messages</p>
          <OutputBox text={stderr} label="Errors and messages" />
        </>
      )}
    </>
  );
}
