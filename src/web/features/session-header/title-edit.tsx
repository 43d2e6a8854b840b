import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "#src/domain/session.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { updateSessionMutation } from "#src/web/api/queries/sessions.ts";
import { Input } from "#src/web/ui/input.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

type TitleEditProps = { session: Session; editing: boolean; onEditingChange: (editing: boolean) => void };

/** The session's title; a click or the menu turns it into a field. Enter keeps, Escape leaves. */
export function TitleEdit({ session, editing, onEditingChange }: TitleEditProps) {
  const rename = useMutation({
    ...updateSessionMutation,
    onError: (error) => toast.error(failureTitle(error, "The session was not renamed"), messageOf(error)),
  });
  const title = session.title || "Untitled session";
  if (editing) {
    const save = (next: string) => {
      onEditingChange(false);
      if (next.trim() !== "" && next.trim() !== session.title) {
        rename.mutate({ session_id: session.id, title: next.trim() });
      }
    };
    return <TitleField title={session.title} onSave={save} onCancel={() => onEditingChange(false)} />;
  }
  return (
    <h1 className="min-w-0">
      <button
        type="button"
        title="Rename"
        className="block max-w-full truncate rounded-control text-base font-semibold hover:bg-hover"
        onClick={() => onEditingChange(true)}
      >
        <bdi>{visibleText(rename.isPending ? (rename.variables.title ?? title) : title)}</bdi>
      </button>
    </h1>
  );
}

type TitleFieldProps = { title: string; onSave: (title: string) => void; onCancel: () => void };

function TitleField({ title, onSave, onCancel }: TitleFieldProps) {
  const [text, setText] = useState(title);
  return (
    <form
      className="min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <Input
        aria-label="Title of the session"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just asked to edit it
        autoFocus
        maxLength={200}
        value={text}
        className="h-7 max-w-md font-semibold"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => onSave(text)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onCancel();
        }}
      />
    </form>
  );
}
