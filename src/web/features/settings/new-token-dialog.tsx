import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { useForm } from "react-hook-form";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { createTokenMutation } from "#src/web/api/queries/tokens.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";

/** Makes a token and shows its value, which nothing can show again. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  const create = useMutation(createTokenMutation);
  const form = useForm({ defaultValues: { name: "" } });
  const { errors } = form.formState;

  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`Token ${create.data.name}`}
        description="Copy it now. It is not shown again."
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <div className="flex items-center gap-2 rounded-control border border-border bg-surface p-2">
          <code className="min-w-0 flex-1 break-all">{create.data.token}</code>
          <CopyButton text={create.data.token} label="Copy" withLabel />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New token"
      size="sm"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={id} busy={create.isPending}>
            Make token
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => void form.handleSubmit(({ name }) => create.mutate(name.trim()))(event)}
      >
        <Field
          label="Name"
          hint="What will use it, such as ci or laptop."
          error={errors.name?.message}
          required
        >
          <Input
            autoComplete="off"
            maxLength={80}
            {...form.register("name", {
              validate: (name) => name.trim() !== "" || "Give it a name, to know it again.",
            })}
          />
        </Field>
        {create.isError && (
          <Banner tone="error" title={failureTitle(create.error, "The token was not made.")}>
            {messageOf(create.error)}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}
