import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useRef } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import { cn } from "#src/web/ui/cn.ts";
import { dialogClass, overlayClass } from "#src/web/ui/dialog.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { isArmed } from "./dialog-queue.logic.ts";
import type { KeyTarget } from "./permission-panel.tsx";
import { RequestPanel } from "./request-panel.tsx";
import { RequestPlace, RequestTitle } from "./request-summary.tsx";
import { useArmed } from "./use-armed.ts";

type RequestDialogProps = {
  request: PendingRequest;
  /** When it appeared, in milliseconds of `performance.now()`. */
  since: number;
  place: number;
  total: number;
  sandbox_name: string;
  onAnswer: (id: string) => void;
  onPutAside: () => void;
};

/**
 * One request over the page. Focus goes to the dialog itself and to no button; keys and buttons act after a grace.
 * Escape puts it aside: it stays in the dock.
 */
export function RequestDialog(props: RequestDialogProps) {
  const { request, since, place, total, sandbox_name, onAnswer, onPutAside } = props;
  const content = useRef<HTMLDivElement>(null);
  const keys = useRef<KeyTarget>(null);
  const armed = useArmed(since);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onPutAside()}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          ref={content}
          className={cn(dialogClass, "max-w-2xl")}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          onInteractOutside={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            const plain = !event.metaKey && !event.ctrlKey && !event.altKey && !event.repeat;
            if (event.target !== content.current || !plain || !isArmed(since, performance.now())) return;
            if (keys.current?.handleKey(event.key)) event.preventDefault();
          }}
        >
          <header className="beside-scroll flex shrink-0 items-start gap-3 px-4 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">
                <RequestTitle request={request} />
              </Radix.Title>
              <Radix.Description asChild>
                <p className="mt-0.5 text-muted">
                  <RequestPlace request={request} sandbox_name={sandbox_name} />
                </p>
              </Radix.Description>
            </div>
            {total > 1 && (
              <span className="mt-1 text-xs text-faint">
                {place} of {total}
              </span>
            )}
            <Radix.Close asChild>
              <IconButton label="Put aside" keys="Escape" icon={<X size={16} />} size="sm" />
            </Radix.Close>
          </header>
          <RequestPanel request={request} armed={armed} onAnswer={onAnswer} keys={keys} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
