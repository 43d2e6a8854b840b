import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { requestWords } from "#src/transcript/request-words.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { pendingRequestsQuery, recentRequestsQuery } from "#src/web/api/queries/requests.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { InboxCard } from "./inbox-card.tsx";
import { InboxList } from "./inbox-list.tsx";
import { NothingWaits } from "./nothing-waits.tsx";
import type { TriageCommand } from "./triage-keys.logic.ts";
import { useTriage } from "./use-triage.ts";
import { useTriageKeys } from "./use-triage-keys.ts";

/** What the page that holds the inbox needs to draw the open request. */
export type OpenRequest = {
  request: PendingRequest;
  waiting: boolean;
  session: Session | undefined;
  since: number;
  aside: ReactNode;
  keys: RefObject<{ handleKey: (key: string) => boolean } | null>;
  onAnswered: (id: string) => void;
};

type InboxProps = {
  /** The request that the address names. */
  request_id: string | null;
  renderRequest: (open: OpenRequest) => ReactNode;
  /** What led to a request. */
  renderExcerpt: (request: PendingRequest) => ReactNode;
};

/** Everything that waits for a person, answered one after the other without leaving the page. */
export function Inbox({ request_id, renderRequest, renderExcerpt }: InboxProps) {
  const pending = useQuery(pendingRequestsQuery);
  const { data: recent } = useQuery(recentRequestsQuery);
  const { data: sessions } = useQuery(sessionsQuery());
  const { triage, step, noteAnswered } = useTriage(pending.data, request_id);
  const root = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLElement>(null);
  const keys = useRef<OpenRequest["keys"]["current"]>(null);
  const focus = useFocusShown(root, card, triage.shown?.id ?? null);
  const [said, setSaid] = useState("");

  const run = (command: TriageCommand, target: Element): boolean => {
    switch (command.kind) {
      case "step":
        if (step(command.by)) focus.next("row");
        return true;
      case "open": {
        // Enter on any other link or button is that one's own.
        if (target.closest("a, button") && !target.matches("[aria-current]")) return false;
        card.current?.focus();
        return true;
      }
      case "answer":
      case "held":
        // On a narrow screen the list may stand in front of it.
        if (!card.current?.checkVisibility()) return false;
        if (command.kind === "answer") keys.current?.handleKey(command.key);
        return true;
      default:
        return command satisfies never;
    }
  };
  useTriageKeys({ root, card }, run);

  if (!pending.data) {
    return pending.isPending ? (
      <div className="p-4 sm:p-6">
        <SkeletonRows rows={4} rowClassName="h-13" label="Loading requests" />
      </div>
    ) : (
      <ErrorState
        title="Requests could not be loaded"
        text={messageOf(pending.error)}
        onRetry={() => void pending.refetch()}
        retrying={pending.isFetching}
      />
    );
  }
  const sessionOf = (request: PendingRequest) => sessions?.items.find(({ id }) => id === request.session_id);
  const handleAnswered = (id: string) => {
    const place = card.current?.contains(document.activeElement) ? "card" : "row";
    const { moved, shown } = noteAnswered(id);
    if (moved) focus.next(place);
    setSaid(shown ? `Answered. Open now: ${requestWords(shown)}` : "Answered. Nothing else waits for you.");
  };
  return (
    <div ref={root} className="flex h-full min-h-0">
      <output className="sr-only">{said}</output>
      {triage.shown === null && triage.items.length === 0 ? (
        <NothingWaits recent={recent ?? []} sessionOf={sessionOf} />
      ) : (
        <>
          <InboxList
            triage={triage}
            recent={recent ?? []}
            sessionOf={sessionOf}
            className={request_id === null ? undefined : "max-lg:hidden"}
          />
          <InboxCard
            ref={card}
            triage={triage}
            recent={recent}
            sessionOf={sessionOf}
            keys={keys}
            onAnswered={handleAnswered}
            renderRequest={renderRequest}
            renderExcerpt={renderExcerpt}
            className={request_id === null ? "max-lg:hidden" : undefined}
          />
        </>
      )}
    </div>
  );
}

/** Takes the focus along when another request is shown: to its row, or to its card. */
function useFocusShown(
  root: RefObject<HTMLElement | null>,
  card: RefObject<HTMLElement | null>,
  shown: string | null,
) {
  const wish = useRef<"row" | "card" | null>(null);
  useEffect(() => {
    if (wish.current === null || shown === null) return;
    const row = root.current?.querySelector<HTMLElement>(`[data-request="${CSS.escape(shown)}"]`);
    // On a narrow screen the list is not there while a card is.
    const target = wish.current === "row" && row?.checkVisibility() ? row : card.current;
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
    wish.current = null;
  }, [root, card, shown]);
  return { next: (target: "row" | "card") => (wish.current = target) };
}
