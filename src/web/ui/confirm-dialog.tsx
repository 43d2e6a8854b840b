import { AlertDialog } from "radix-ui";
import { useState } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import type { Confirmation } from "./confirm-store.ts";
import { dialogClass, overlayClass } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { useFocusReturn } from "./focus-return.ts";
import { Input } from "./input.tsx";

/** Asks one question. Focus goes to Cancel, never to what destroys. */
export function ConfirmDialog({
  title,
  body,
  action,
  danger = false,
  typeToConfirm,
  onSettle,
}: Confirmation & { onSettle: (confirmed: boolean) => void }) {
  const focus = useFocusReturn();
  const [typed, setTyped] = useState("");
  const ready = typeToConfirm === undefined || typed.trim() === typeToConfirm;
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onSettle(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClass} />
        <AlertDialog.Content
          {...focus}
          className={cn(dialogClass, "max-w-md")}
          {...(body ? {} : { "aria-describedby": undefined })}
        >
          <form
            className="flex min-h-0 flex-col"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) onSettle(true);
            }}
          >
            <div className="min-h-0 flex-1 scroll-column p-4">
              <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
              {body && (
                <AlertDialog.Description asChild>
                  <div className="mt-1 flex flex-col gap-2 text-muted">{body}</div>
                </AlertDialog.Description>
              )}
              {typeToConfirm !== undefined && (
                <div className="mt-4">
                  <Field label={`Type ${typeToConfirm} to confirm`}>
                    <Input
                      value={typed}
                      onChange={(event) => setTyped(event.target.value)}
                      autoComplete="off"
                      spellCheck={false}
                      mono
                    />
                  </Field>
                </div>
              )}
            </div>
            <footer className="flex justify-end gap-2 border-t border-border px-4 py-3">
              <AlertDialog.Cancel asChild>
                <Button variant="ghost">Cancel</Button>
              </AlertDialog.Cancel>
              <Button type="submit" variant={danger ? "danger" : "primary"} disabled={!ready}>
                {action}
              </Button>
            </footer>
          </form>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
