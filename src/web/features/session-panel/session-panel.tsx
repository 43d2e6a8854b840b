import { useState, useSyncExternalStore } from "react";
import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Session } from "#src/domain/session.ts";
import type { Row } from "#src/transcript/rows.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { SegmentedControl } from "#src/web/ui/segmented-control.tsx";
import { Sheet } from "#src/web/ui/sheet.tsx";
import { Tabs } from "#src/web/ui/tabs.tsx";
import { ChangesTab } from "./changes-tab.tsx";
import { DetailsTab } from "./details-tab.tsx";
import { EventsTab } from "./events-tab.tsx";
import { Exchanges } from "./exchanges.tsx";
import { panelState, panelTabs, setPanel } from "./panel-state.ts";
import { tabToShow } from "./tab-to-show.logic.ts";
import { PlanTab } from "./plan-tab.tsx";

type SessionPanelProps = {
  session: Session;
  sandbox: Sandbox | null;
  store: TranscriptStore;
  /** The row whose events were asked for. */
  focus: { row: Row } | null;
  onShowRow: (row_key: string) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Over the page instead of beside it: for narrow screens. */
  asSheet: boolean;
};

/** What stands beside a transcript: plan, changes, events, details. */
export function SessionPanel({ asSheet, open, onOpenChange, ...props }: SessionPanelProps) {
  if (asSheet) {
    return (
      <Sheet open={open} onOpenChange={onOpenChange} title="Session panel" bare>
        <div className="flex h-[80dvh] flex-col sm:h-full">
          <PanelTabs {...props} />
        </div>
      </Sheet>
    );
  }
  if (!open) return null;
  return (
    <aside
      aria-label="Session panel"
      className="flex w-88 shrink-0 flex-col border-l border-border 2xl:w-104"
    >
      <PanelTabs {...props} />
    </aside>
  );
}

function PanelTabs(props: Omit<SessionPanelProps, "asSheet" | "open" | "onOpenChange">) {
  const { session, sandbox, store, focus, onShowRow } = props;
  const { tab } = useSyncExternalStore(panelState.subscribe, panelState.get);
  const fullest = useTranscript(store, tabToShow);
  const content = {
    plan: <PlanTab store={store} />,
    changes: <ChangesTab session_id={session.id} store={store} onShowRow={onShowRow} />,
    events: <LogTab session_id={session.id} store={store} focus={focus} onShowRow={onShowRow} />,
    details: <DetailsTab session={session} sandbox={sandbox} store={store} />,
  };
  return (
    <Tabs
      label="Session panel"
      fill
      value={tab ?? fullest}
      onValueChange={(value) => setPanel({ tab: panelTabs.find((one) => one === value) ?? null })}
      tabs={[
        { value: "plan", label: "Plan", content: content.plan },
        { value: "changes", label: "Changes", content: content.changes },
        { value: "events", label: "Events", content: content.events },
        { value: "details", label: "Details", content: content.details },
      ]}
    />
  );
}

type LogTabProps = Pick<SessionPanelProps, "store" | "focus" | "onShowRow"> & { session_id: string };

function LogTab({ session_id, store, focus, onShowRow }: LogTabProps) {
  const [log, setLog] = useState<"events" | "requests">("events");
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="px-2 pt-2">
        <SegmentedControl
          label="Which log"
          value={log}
          onValueChange={setLog}
          items={[
            { value: "events", label: "Events" },
            { value: "requests", label: "Sent upstream" },
          ]}
        />
      </div>
      <div className="min-h-0 flex-1">
        {log === "events" ? (
          <EventsTab session_id={session_id} store={store} focus={focus} onShowRow={onShowRow} />
        ) : (
          <Exchanges session_id={session_id} />
        )}
      </div>
    </div>
  );
}
