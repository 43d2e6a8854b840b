import { useMutation } from "@tanstack/react-query";
import { ListEnd, Pencil, X } from "lucide-react";
import { textOf } from "#src/domain/text.ts";
import type { QueuedMessage } from "#src/domain/session.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { takeFromQueueMutation } from "#src/web/api/queries/sessions.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

type QueueListProps = {
  session_id: string;
  queue: readonly QueuedMessage[];
  /** Gets the text of a message that was taken out to be edited. */
  onEdit: (text: string) => void;
};

/** Prompts that wait for the running turn, in their order; each can be taken out again. */
export function QueueList({ session_id, queue, onEdit }: QueueListProps) {
  const take = useMutation({
    ...takeFromQueueMutation,
    onError: (error) => toast.error(failureTitle(error, "The message was not taken out"), messageOf(error)),
  });
  if (queue.length === 0) return null;
  const edit = (message: QueuedMessage) =>
    take.mutate(
      { session_id, message_id: message.id },
      {
        onSuccess: ({ status, content }) => {
          if (status === "cancelled") onEdit(content ? textOf(content) : message.prompt_text);
          else toast.info("That message has already been sent.");
        },
      },
    );
  return (
    <section aria-label="Queued messages" className="border-b border-border px-2 py-1">
      <ul>
        {queue.map((message) => (
          <li key={message.id} className="flex min-h-8 items-center gap-2">
            <ListEnd size={14} aria-hidden className="shrink-0 text-faint" />
            <span className="min-w-0 flex-1 truncate" title={visibleText(message.prompt_text)}>
              {visibleText(message.prompt_text)}
            </span>
            <RelativeTime at={message.queued_at} short className="text-xs text-faint" />
            <IconButton
              size="sm"
              label="Edit: takes it out of the queue"
              icon={<Pencil size={14} />}
              disabled={take.isPending}
              onClick={() => edit(message)}
            />
            <IconButton
              size="sm"
              label="Remove from the queue"
              icon={<X size={14} />}
              disabled={take.isPending}
              onClick={() => take.mutate({ session_id, message_id: message.id })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
