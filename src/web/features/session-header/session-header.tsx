import { Square } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Session } from "#src/domain/session.ts";
import { formatElapsed } from "#src/lib/format.ts";
import type { OpenTurn } from "#src/transcript/rows.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { useNow } from "#src/web/ui/now.ts";
import { StateDot } from "#src/web/ui/state-dot.tsx";
import { useIsWide } from "#src/web/ui/use-is-wide.ts";
import { type Phase, phaseOf } from "./phase.logic.ts";
import { SessionMenu } from "./session-menu.tsx";
import { TitleEdit } from "./title-edit.tsx";
import { UsageMeter } from "./usage-meter.tsx";

type SessionHeaderProps = {
  session: Session;
  /** Null when it is gone, undefined while that is not known. */
  sandbox: Sandbox | null | undefined;
  turn: OpenTurn | null;
  store: TranscriptStore;
  /** Stops the running turn; null when there is nothing to stop. */
  onStop: (() => void) | null;
  stopping: boolean;
  onExport: (how: "copy" | "download") => void;
  /** Buttons of the page that stand before the menu. */
  children: ReactNode;
};

/** What session this is, what it does now, and what can be done about it. */
export function SessionHeader(props: SessionHeaderProps) {
  const { session, sandbox, turn, store, onStop, stopping, onExport, children } = props;
  const [editing, setEditing] = useState(false);
  const wide = useIsWide();
  const phase = phaseOf(session, sandbox, turn);
  return (
    <header className="border-b border-border px-4 py-1.5 md:px-6">
      <div className="flex min-h-8 items-center gap-3">
        <div className="flex min-w-0 flex-1 items-center gap-3">
          <TitleEdit session={session} editing={editing} onEditingChange={setEditing} />
          {wide && <PhaseWord phase={phase} />}
        </div>
        {onStop && (
          <Button size="sm" icon={<Square size={12} aria-hidden />} disabled={stopping} onClick={onStop}>
            {stopping ? "Stopping…" : "Stop"}
          </Button>
        )}
        <div className="flex shrink-0 items-center">
          {children}
          <SessionMenu session={session} onRename={() => setEditing(true)} onExport={onExport} />
        </div>
      </div>
      <div className="flex min-h-6 items-center gap-3 text-xs text-muted">
        {!wide && <PhaseWord phase={phase} />}
        <p className="min-w-0 flex-1 truncate">
          {visibleText(session.agent)}
          {" · "}
          <Link
            to={paths.sandbox({ sandbox_id: session.sandbox_id })}
            className="rounded-control hover:text-text hover:underline"
          >
            {visibleText(session.sandbox_name)}
          </Link>
          {optionWords(session, sandbox).map((words) => (
            <span key={words}> · {words}</span>
          ))}
        </p>
        <UsageMeter store={store} />
      </div>
    </header>
  );
}

/** Beside the title where there is room, below it on a phone. */
function PhaseWord({ phase }: { phase: Phase }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-xs">
      <StateDot tone={phase.tone} label={phase.word} />
      {phase.since && <Elapsed since={phase.since} />}
    </span>
  );
}

function Elapsed({ since }: { since: string }) {
  const now = useNow("fast");
  return <span className="text-faint">{formatElapsed(now - Date.parse(since))}</span>;
}

/** The last part of a path; a folder that every sandbox has says nothing. */
function folderName(path: string | null): string | null {
  const name = path?.split("/").findLast((part) => part !== "") ?? null;
  return name === "files" || name === "workspace" ? null : name;
}

/** Branch or folder, model and mode: what distinguishes this session from the next one. */
function optionWords(session: Session, sandbox: Sandbox | null | undefined): string[] {
  const place = sandbox?.branch ?? folderName(session.directory);
  const chosen = ["model", "mode"].flatMap((category) => {
    const option = session.options.find((one) => one.category === category);
    if (!option) return [];
    return option.choices.find((choice) => choice.value === option.value)?.name ?? String(option.value);
  });
  return [...(place ? [place] : []), ...chosen].map(visibleText);
}
