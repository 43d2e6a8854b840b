import type { PendingRequest } from "#src/domain/request.ts";
import { RequestDialog } from "./request-dialog.tsx";
import { RequestDock } from "./request-dock.tsx";
import { useRequestDialog } from "./use-request-dialog.ts";

type PendingRequestsProps = {
  pending: readonly PendingRequest[];
  sandbox_name: string;
  onResolvedElsewhere: (request: PendingRequest) => void;
};

/** The oldest request as a dialog over the page, all of them docked above the composer. */
export function PendingRequests({ pending, sandbox_name, onResolvedElsewhere }: PendingRequestsProps) {
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
