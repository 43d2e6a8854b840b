import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { isBusy } from "#src/domain/session-can.ts";
import type { Session } from "#src/domain/session.ts";
import { textOf } from "#src/domain/text.ts";
import { failureTitle, isApiError, messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { sandboxQuery } from "#src/web/api/queries/sandboxes.ts";
import { interruptMutation } from "#src/web/api/queries/sessions.ts";
import { transcriptStore, useTranscript } from "#src/web/api/queries/transcript.ts";
import { onReconnected } from "#src/web/api/stream/reconnected.ts";
import type { TranscriptSnapshot, TranscriptStore } from "#src/web/api/transcript-store.ts";
import { toast } from "#src/web/ui/toast.tsx";

/**
 * The parts of a transcript's view that the page itself needs, one by one: the whole of it changes with every count of
 * tokens, which only the meter shows.
 */
const selectLoaded = ({ transcript }: TranscriptSnapshot) => transcript !== null;
const selectTurn = ({ transcript }: TranscriptSnapshot) => transcript?.view.turn ?? null;
const selectQueue = ({ transcript }: TranscriptSnapshot) => transcript?.view.queue;
const selectOptions = ({ transcript }: TranscriptSnapshot) => transcript?.view.options;
const selectCommands = ({ transcript }: TranscriptSnapshot) => transcript?.view.commands;

/** Everything the parts of a session's page share: its sandbox, what its agent offers, and stopping its turn. */
export function useSessionPage(session: Session) {
  const { id: session_id, sandbox_id, backend_id } = session;
  const store = useMemo(() => transcriptStore(session_id), [session_id]);
  useMissedTranscript(store);
  const loaded = useTranscript(store, selectLoaded);
  const turn = useTranscript(store, selectTurn);
  const queue = useTranscript(store, selectQueue);
  const options = useTranscript(store, selectOptions);
  const commands = useTranscript(store, selectCommands);
  const sandboxResult = useQuery(sandboxQuery(sandbox_id));
  const { data: backends } = useQuery(backendsQuery());
  const interrupt = useMutation({
    ...interruptMutation,
    onError: (error) => toast.error(failureTitle(error, "The turn was not stopped"), messageOf(error)),
  });

  const busy = turn !== null || isBusy(session);
  const stopping = interrupt.isPending || session.stopping || (turn?.stopping ?? false);
  const backend = backends?.find(({ id }) => id === backend_id);
  const capabilities = backend?.capabilities;
  const canStop = busy && capabilities?.sessions.interrupt !== false;
  return {
    store,
    loaded,
    turn,
    queue: queue ?? [],
    options: options && options.length > 0 ? options : session.options,
    commands: commands && commands.length > 0 ? commands : session.commands,
    busy,
    stopping,
    backend,
    capabilities,
    /** Undefined until it is known, null when it is gone. */
    sandbox:
      sandboxResult.data ??
      (isApiError(sandboxResult.error) && sandboxResult.error.status === 404 ? null : undefined),
    onStop: canStop ? () => interrupt.mutate({ session_id }) : null,
  };
}

/** Loads rows that did not come while the server was away once it is back, as the page does with all its lists. */
function useMissedTranscript(store: TranscriptStore): void {
  useEffect(() => onReconnected(store.recover), [store]);
}

/** What a person sent before, oldest first. The same array until there is one more. */
export function usePrompts(store: TranscriptStore): readonly string[] {
  const [select] = useState(() => promptSelector());
  return useTranscript(store, select);
}

/** The prompts of a snapshot; looks through the rows only when their number changed, which every prompt does. */
function promptSelector(): (snapshot: TranscriptSnapshot) => readonly string[] {
  let count = -1;
  let prompts: readonly string[] = [];
  return ({ transcript }) => {
    const rows = transcript?.rows ?? [];
    if (rows.length === count) return prompts;
    count = rows.length;
    const found = rows.flatMap((row) => (row.kind === "user" ? [textOf(row.content)] : []));
    if (found.length !== prompts.length) prompts = found.filter((text) => text !== "");
    return prompts;
  };
}
