import { useMutation } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import type { Session } from "#src/domain/session.ts";
import type { Row } from "#src/transcript/rows.ts";
import { transcriptMarkdown } from "#src/transcript/markdown.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { sendMessageMutation } from "#src/web/api/queries/sessions.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import { blockOf } from "#src/web/features/composer/block.logic.ts";
import { Composer, type ComposerHandle } from "#src/web/features/composer/composer.tsx";
import { SessionHeader } from "#src/web/features/session-header/session-header.tsx";
import { Transcript, type TranscriptHandle } from "#src/web/features/transcript/transcript.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { ComposerBlock } from "./composer-block.tsx";
import { EmptySession } from "./empty-session.tsx";
import { promptsOf, useSessionPage } from "./use-session-page.ts";

/** A session's page, once the session is known: header, transcript, composer, panel. */
export function SessionView({ session }: { session: Session }) {
  const page = useSessionPage(session);
  const { store, view, sandbox, capabilities, onStop, stopping } = page;
  const transcript = useRef<TranscriptHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const error = useTranscript(store, (snapshot) => snapshot.error);
  const promptCount = useTranscript(store, ({ transcript: state }) => countPrompts(state?.rows));
  // oxlint-disable-next-line react/exhaustive-deps -- the rows change with every delta, the prompts with their count
  const prompts = useMemo(() => promptsOf(store.read().transcript?.rows ?? []), [store, promptCount]);
  const send = useMutation({
    ...sendMessageMutation,
    onError: (failure) => toast.error("Not sent", messageOf(failure)),
  });

  const linkTo = useCallback((key: string) => `${location.origin}${location.pathname}#${key}`, []);
  const showEvents = useCallback((_row: Row) => {}, []);
  const block = sandbox === undefined ? null : blockOf(session, sandbox, capabilities);

  const copyTranscript = async () => {
    const rows = store.read().transcript?.rows ?? [];
    await navigator.clipboard.writeText(transcriptMarkdown(rows, { title: session.title }));
    toast.success("Transcript copied");
  };

  return (
    <div className="flex h-full min-w-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <SessionHeader
          session={session}
          sandbox={sandbox ?? null}
          turn={page.turn}
          usage={view?.usage ?? null}
          onStop={onStop}
          stopping={stopping}
          onCopyTranscript={() => void copyTranscript()}
        >
          {null}
        </SessionHeader>
        {view ? (
          <Transcript
            ref={transcript}
            store={store}
            agent={session.agent}
            linkTo={linkTo}
            showEvents={showEvents}
            empty={
              <EmptySession
                agent={session.agent}
                onTry={(prompt) => send.mutate({ session_id: session.id, message: prompt })}
              />
            }
          />
        ) : error ? (
          <div className="flex-1">
            <ErrorState
              title="The transcript could not be loaded"
              text={messageOf(error)}
              onRetry={store.retry}
            />
          </div>
        ) : (
          <div className="mx-auto w-full max-w-4xl flex-1 px-4 pt-10 md:px-6">
            <SkeletonRows rows={6} rowClassName="h-12" label="Loading the transcript" />
          </div>
        )}
        <div className="mx-auto w-full max-w-4xl px-4 pt-1 pb-3 md:px-6">
          <Composer
            ref={composer}
            session_id={session.id}
            sandbox_id={session.sandbox_id}
            agent={session.agent}
            capabilities={capabilities}
            options={view?.options ?? session.options}
            commands={view?.commands ?? session.commands}
            queue={view?.queue ?? []}
            prompts={prompts}
            busy={page.busy}
            onStop={onStop}
            stopping={stopping}
            onSent={() => transcript.current?.follow()}
            blocked={block && <ComposerBlock session={session} block={block} />}
          />
        </div>
      </div>
    </div>
  );
}

function countPrompts(rows: readonly Row[] | undefined): number {
  return rows?.reduce((count, row) => (row.kind === "user" ? count + 1 : count), 0) ?? 0;
}
