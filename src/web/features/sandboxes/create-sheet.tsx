import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { secretsQuery } from "#src/web/api/queries/secrets.ts";
import { Button } from "#src/web/ui/button.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { Sheet } from "#src/web/ui/sheet.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { CreateForm } from "./create-form.tsx";

type CreateSheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (sandbox_id: string) => void;
};

/** The panel that makes a sandbox. */
export function CreateSheet({ open, onOpenChange, onCreated }: CreateSheetProps) {
  const form_id = useId();
  const [busy, setBusy] = useState(false);
  const backends = useQuery({ ...backendsQuery(), enabled: open });
  const sandboxes = useQuery({ ...sandboxesQuery(), enabled: open });
  const secrets = useQuery({ ...secretsQuery(), enabled: open });
  // What is suggested and chosen at first follows from all three: it must not change under the person's hands.
  const ready = !sandboxes.isPending && !secrets.isPending;
  const creatable = backends.data?.some(({ capabilities }) => capabilities.sandboxes.create) ?? false;

  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title="New sandbox"
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button type="submit" form={form_id} variant="primary" busy={busy} disabled={!creatable}>
            Create sandbox
          </Button>
        </>
      }
    >
      {backends.data && ready ? (
        <CreateForm
          id={form_id}
          backends={backends.data}
          sandboxes={sandboxes.data ?? []}
          secrets={secrets.data ?? []}
          onBusy={setBusy}
          onCreated={onCreated}
        />
      ) : backends.isError ? (
        <ErrorState
          title="Backends could not be loaded"
          text={messageOf(backends.error)}
          onRetry={() => void backends.refetch()}
          retrying={backends.isFetching}
        />
      ) : (
        <SkeletonRows rows={5} rowClassName="h-12" label="Loading backends" />
      )}
    </Sheet>
  );
}
