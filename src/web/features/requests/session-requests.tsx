import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import { pendingRequestsQuery } from "#src/web/api/queries/requests.ts";
import { RequestDialog } from "./request-dialog.tsx";
import { RequestDock } from "./request-dock.tsx";
import { useRequestDialog } from "./use-request-dialog.ts";

type SessionRequestsProps = {
  session_id: string;
  sandbox_name: string;
  onResolvedElsewhere: (request: PendingRequest) => void;
};

/** The requests of one session: the oldest as a dialog over the page, all of them docked above the composer. */
export function SessionRequests({ session_id, sandbox_name, onResolvedElsewhere }: SessionRequestsProps) {
  const { data } = useQuery(pendingRequestsQuery);
  const pending = useMemo(
    () => data?.filter((request) => request.session_id === session_id) ?? [],
    [data, session_id],
  );
  const dialog = useRequestDialog(pending, onResolvedElsewhere);
  const { shown } = dialog;
  return (
    <>
      <RequestDock
        pending={pending}
        sandbox_name={sandbox_name}
        onOpen={dialog.open}
        onAnswer={dialog.noteAnswered}
      />
      {shown && (
        <RequestDialog
          key={shown.request.id}
          request={shown.request}
          since={shown.since}
          place={pending.indexOf(shown.request) + 1}
          total={pending.length}
          sandbox_name={sandbox_name}
          onAnswer={dialog.noteAnswered}
          onPutAside={dialog.putAside}
        />
      )}
    </>
  );
}
