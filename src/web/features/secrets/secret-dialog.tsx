import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { Controller, useForm } from "react-hook-form";
import type { Backend } from "#src/domain/backend.ts";
import type { Secret } from "#src/domain/secret.ts";
import { formErrors, sameName } from "#src/web/api/form-errors.ts";
import { createSecretMutation, updateSecretMutation } from "#src/web/api/queries/secrets.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { keeperId, keeperItems, keeperOf, vault } from "./keeper.ts";
import { ScopeField, type Scope } from "./scope-field.tsx";
import { SecretInput } from "./secret-input.tsx";
import { restartHint } from "./secret-use.logic.ts";

type SecretDialogProps = {
  open: boolean;
  /** The secret to change; null makes a new one. */
  secret: Secret | null;
  backends: readonly Backend[];
  onClose: () => void;
};

/** Makes a secret, or changes one: its value goes in and never comes out. */
export function SecretDialog({ open, secret, backends, onClose }: SecretDialogProps) {
  const form_id = useId();
  const create = useMutation(createSecretMutation);
  const update = useMutation(updateSecretMutation);
  const busy = create.isPending || update.isPending;
  const save = async (form: SecretForm) => {
    const { name, scope } = form;
    const description = form.description.trim() || null;
    if (!secret) {
      await create.mutateAsync({
        name,
        value: form.value,
        description,
        scope,
        backend_id: keeperId(form.keeper),
      });
      toast.success(`${name} is kept`);
    } else {
      const value = form.value === "" ? {} : { value: form.value };
      await update.mutateAsync({ secret_id: secret.id, name, description, scope, ...value });
      const hint = form.value === "" ? undefined : restartHint(secret.used_by);
      toast.success(form.value === "" ? `${name} was changed` : `The value of ${name} was replaced`, hint);
    }
    onClose();
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={secret ? `Edit ${secret.name}` : "New secret"}
      description="The value is sealed. Nobody can read it here again."
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form_id} variant="primary" busy={busy}>
            {secret ? "Save" : "Keep secret"}
          </Button>
        </>
      }
    >
      <SecretFields id={form_id} secret={secret} backends={backends} onSave={save} />
    </Dialog>
  );
}

type SecretForm = { name: string; value: string; description: string; scope: Scope; keeper: string };

type SecretFieldsProps = {
  id: string;
  secret: Secret | null;
  backends: readonly Backend[];
  onSave: (form: SecretForm) => Promise<void>;
};

function SecretFields({ id, secret, backends, onSave }: SecretFieldsProps) {
  const { control, register, handleSubmit, setError, formState } = useForm<SecretForm>({
    defaultValues: {
      name: secret?.name ?? "",
      value: "",
      description: secret?.description ?? "",
      scope: secret?.scope ?? "user",
      keeper: secret?.backend_id ?? vault,
    },
  });
  const { errors } = formState;
  const keepers = keeperItems(backends, ({ capabilities }) => capabilities.secrets.create);

  const submit = handleSubmit(async (form) => {
    try {
      await onSave(form);
    } catch (error) {
      const named = sameName("name", "value", "description", "scope");
      for (const [index, { field, message }] of formErrors(error, named, codes).entries()) {
        setError(field, { message }, { shouldFocus: index === 0 });
      }
    }
  });

  return (
    <form id={id} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {errors.root && (
        <Banner tone="error" title="It was not saved.">
          {errors.root.message}
        </Banner>
      )}
      <Field
        label="Name"
        required
        hint="As you will pick it; often the variable's name."
        error={errors.name?.message}
      >
        <Input
          {...register("name", { required: "Enter a name" })}
          placeholder="GITHUB_TOKEN"
          autoComplete="off"
          spellCheck={false}
          mono
        />
      </Field>
      <Controller
        control={control}
        name="value"
        rules={secret ? {} : { required: "Enter the value to keep" }}
        render={({ field, fieldState }) => (
          <Field
            label={secret ? "New value" : "Value"}
            required={!secret}
            hint={secret ? "Leave blank to keep the value it has." : undefined}
            error={fieldState.error?.message}
          >
            <SecretInput value={field.value} onChange={field.onChange} onBlur={field.onBlur} />
          </Field>
        )}
      />
      <Field label="Description" optional error={errors.description?.message}>
        <Input {...register("description")} placeholder="What it opens, and who gave it" autoComplete="off" />
      </Field>
      <Controller
        control={control}
        name="scope"
        render={({ field }) => <ScopeField value={field.value} onChange={field.onChange} />}
      />
      {secret ? (
        <p className="text-xs text-faint">Kept by {keeperOf(secret.backend_id, backends).name}.</p>
      ) : (
        keepers.length > 1 && (
          <Controller
            control={control}
            name="keeper"
            render={({ field }) => (
              <Field label="Kept by">
                <Select value={field.value} onValueChange={field.onChange} items={keepers} />
              </Field>
            )}
          />
        )
      )}
    </form>
  );
}

const codes = { secret_already_exists: "name", already_exists: "name" } as const;
