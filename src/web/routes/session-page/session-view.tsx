import { useMutation } from "@tanstack/react-query";
import { PanelRight, Search } from "lucide-react";
import { Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { isUnreachable } from "#src/domain/backend-can.ts";
import type { PendingRequest } from "#src/domain/request.ts";
import { folderOf } from "#src/domain/session-folder.ts";
import type { Session } from "#src/domain/session.ts";
import type { Row } from "#src/transcript/rows.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { sendMessageMutation } from "#src/web/api/queries/sessions.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import { blockOf } from "#src/web/features/composer/block.logic.ts";
import { Composer } from "#src/web/features/composer/composer.tsx";
import { SessionRequests } from "#src/web/features/requests/session-requests.tsx";
import { SessionHeader } from "#src/web/features/session-header/session-header.tsx";
import { useMissed, useSeenOnLeaving } from "#src/web/features/session-list/seen.ts";
import { panelState, setPanel } from "#src/web/features/session-panel/panel-state.ts";
import { Outline } from "#src/web/features/transcript/outline.tsx";
import { Transcript, type TranscriptHandle } from "#src/web/features/transcript/transcript.tsx";
import { FolderContext } from "#src/web/ui/content/folder-context.ts";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { ComposerBlock } from "./composer-block.tsx";
import { EmptySession } from "./empty-session.tsx";
import { resolvedWords } from "./resolved.logic.ts";
import { useGettingAround } from "./use-getting-around.ts";
import { usePrompts, useSessionPage } from "./use-session-page.ts";
import { useWide } from "./use-wide.ts";
import { lazyPart, loadCode, preloadCode } from "#src/web/ui/load-code.ts";

// None of them is needed to read or to answer, so they load behind the first view.
const SessionPanel = lazyPart(
  async () => (await import("#src/web/features/session-panel/session-panel.tsx")).SessionPanel,
);
const StallNotice = lazyPart(
  async () => (await import("#src/web/features/session-header/stall-notice.tsx")).StallNotice,
);
const BackendNotice = lazyPart(async () => (await import("./backend-notice.tsx")).BackendNotice);
const loadFindBar = () => import("#src/web/features/transcript/find-bar.tsx");
const FindBar = lazyPart(async () => (await loadFindBar()).FindBar);

/** When the page has come to rest, find is fetched: who opens it by key goes on typing at once. */
const FETCH_FIND_MS = 2_000;

/** A session's page, once the session is known: header, transcript, requests, composer, panel. */
export function SessionView({ session }: { session: Session }) {
  const { id: session_id, sandbox_id, sandbox_name, agent } = session;
  const page = useSessionPage(session);
  const { store, loaded, sandbox, capabilities, onStop, stopping } = page;
  const transcript = useRef<TranscriptHandle>(null);
  const error = useTranscript(store, (snapshot) => snapshot.error);
  useEffect(() => {
    const timer = setTimeout(() => preloadCode(loadFindBar), FETCH_FIND_MS);
    return () => clearTimeout(timer);
  }, []);
  const missed = useMissed(session_id);
  useSeenOnLeaving(
    session_id,
    useCallback(() => store.read().transcript?.cursor, [store]),
  );
  const prompts = usePrompts(store);
  const around = useGettingAround(session_id, store, transcript, loaded);
  const panel = usePanel();
  const [eventFocus, setEventFocus] = useState<{ row: Row } | null>(null);
  const send = useMutation({
    ...sendMessageMutation,
    onError: (failure) => toast.error(failureTitle(failure, "Not sent"), messageOf(failure)),
  });

  const linkTo = useCallback((key: string) => `${location.origin}${location.pathname}#${key}`, []);
  const { show: showPanel } = panel;
  const showEvents = useCallback(
    (row: Row) => {
      setEventFocus({ row });
      showPanel("events");
    },
    [showPanel],
  );
  const onResolvedElsewhere = useCallback(
    (request: PendingRequest) => toast.info(resolvedWords(request, store.read().transcript?.rows ?? [])),
    [store],
  );
  const showRow = (row_key: string) => {
    if (!panel.wide) panel.setOpen(false);
    void around.jumpTo(row_key);
  };
  const block = sandbox === undefined ? null : blockOf(session, sandbox, capabilities);

  return (
    <FolderContext value={folderOf(session, sandbox)}>
      <div className="flex h-full min-w-0">
        <div className="flex min-w-0 flex-1 flex-col">
          <SessionHeader
            session={session}
            sandbox={sandbox}
            turn={page.turn}
            store={store}
            onStop={onStop}
            stopping={stopping}
            onExport={(how) => void exportTranscript(session, how)}
          >
            <IconButton
              size="sm"
              label="Find in the transcript"
              keys="mod+f"
              icon={<Search size={16} />}
              onClick={around.openFind}
            />
            <Outline
              session_id={session_id}
              store={store}
              topRow={() => transcript.current?.topRow() ?? null}
              onJump={(key) => void around.jumpTo(key)}
            />
            <IconButton
              size="sm"
              label="Session panel"
              icon={<PanelRight size={16} />}
              pressed={panel.open}
              onClick={() => panel.setOpen(!panel.open)}
            />
          </SessionHeader>
          <Suspense>
            {around.finding && (
              <FindBar
                session_id={session_id}
                store={store}
                transcript={transcript}
                onClose={around.closeFind}
              />
            )}
          </Suspense>
          {loaded ? (
            <Transcript
              ref={transcript}
              store={store}
              agent={agent}
              missed={missed}
              linkTo={linkTo}
              showEvents={showEvents}
              empty={
                <EmptySession
                  agent={agent}
                  onTry={(prompt) => send.mutate({ session_id, message: prompt })}
                />
              }
            />
          ) : (
            <TranscriptPlace error={error} onRetry={store.retry} />
          )}
          <div className="mx-auto w-full max-w-4xl px-4 pt-1 pb-3 md:px-6">
            <Suspense>
              {page.backend && isUnreachable(page.backend) && <BackendNotice backend={page.backend} />}
              {page.turn && (
                <StallNotice
                  session={session}
                  store={store}
                  turn={page.turn}
                  onStop={onStop}
                  stopping={stopping}
                />
              )}
            </Suspense>
            <SessionRequests
              session_id={session_id}
              sandbox_name={sandbox_name}
              onResolvedElsewhere={onResolvedElsewhere}
            />
            <Composer
              session_id={session_id}
              sandbox_id={sandbox_id}
              agent={agent}
              capabilities={capabilities}
              options={page.options}
              commands={page.commands}
              queue={page.queue}
              prompts={prompts}
              busy={page.busy}
              onStop={onStop}
              stopping={stopping}
              onSent={() => transcript.current?.follow()}
              blocked={block && <ComposerBlock session={session} block={block} />}
            />
          </div>
        </div>
        <Suspense>
          <SessionPanel
            session={session}
            sandbox={sandbox ?? null}
            store={store}
            focus={eventFocus}
            onShowRow={showRow}
            open={panel.open}
            onOpenChange={panel.setOpen}
            asSheet={!panel.wide}
          />
        </Suspense>
      </div>
    </FolderContext>
  );
}

async function exportTranscript(session: Session, how: "copy" | "download"): Promise<void> {
  const { copyTranscript, downloadTranscript } = await loadCode(() => import("./export-transcript.ts"));
  await (how === "copy" ? copyTranscript : downloadTranscript)(session);
}

/** Where the transcript will be, or why it is not. */
function TranscriptPlace({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (error) {
    return (
      <div className="flex-1">
        <ErrorState title="The transcript could not be loaded" text={messageOf(error)} onRetry={onRetry} />
      </div>
    );
  }
  return (
    <div className="mx-auto w-full max-w-4xl flex-1 px-4 pt-10 md:px-6">
      <SkeletonRows rows={6} rowClassName="h-12" label="Loading the transcript" />
    </div>
  );
}

/** The panel's place: beside the transcript, as it was left; on a narrow screen a sheet that begins closed. */
function usePanel() {
  const wide = useWide();
  const { open } = useSyncExternalStore(panelState.subscribe, panelState.get);
  const [sheetOpen, setSheetOpen] = useState(false);
  const setOpen = useCallback(
    (next: boolean) => (wide ? setPanel({ open: next }) : setSheetOpen(next)),
    [wide],
  );
  const show = useCallback(
    (tab: "events") => {
      setPanel({ tab });
      setOpen(true);
    },
    [setOpen],
  );
  return useMemo(
    () => ({ wide, open: wide ? open : sheetOpen, setOpen, show }),
    [wide, open, sheetOpen, setOpen, show],
  );
}
