import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { connectBackendMutation } from "#src/web/api/queries/backends.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { ConnectForm } from "./connect-form.tsx";

type ConnectDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConnected: (backend_id: string) => void;
};

/** Connects a system that runs elsewhere. */
export function ConnectDialog({ open, onOpenChange, onConnected }: ConnectDialogProps) {
  const form_id = useId();
  const connect = useMutation(connectBackendMutation);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Connect a backend"
      description="Sandbar's server talks to it; the token stays there, sealed, and never reaches a browser again."
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button type="submit" form={form_id} variant="primary" busy={connect.isPending}>
            Connect
          </Button>
        </>
      }
    >
      <ConnectForm
        id={form_id}
        onConnect={async (body) => {
          const backend = await connect.mutateAsync(body);
          toast.success(`${backend.name} is connected`);
          onConnected(backend.id);
        }}
      />
    </Dialog>
  );
}
