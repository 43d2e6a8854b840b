import { Suspense, useSyncExternalStore } from "react";
import { currentConfirmation, settleConfirmation, subscribeConfirmations } from "./confirm-store.ts";
import { lazyPart } from "./load-code.ts";

export { confirmAction } from "./confirm-store.ts";

const ConfirmDialog = lazyPart(async () => (await import("./confirm-dialog.tsx")).ConfirmDialog);

/** Shows what `confirmAction` asks; stands once at the root. */
export function ConfirmHost() {
  const asked = useSyncExternalStore(subscribeConfirmations, currentConfirmation);
  if (!asked) return null;
  const settle = (confirmed: boolean) => settleConfirmation(asked.id, confirmed);
  return (
    <Suspense>
      <ConfirmDialog key={asked.id} {...asked} onSettle={settle} />
    </Suspense>
  );
}
