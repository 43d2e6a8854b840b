import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import type { Backend } from "#src/domain/backend.ts";
import type { ProviderCredential } from "#src/domain/secret.ts";
import { formErrors, sameName } from "#src/web/api/form-errors.ts";
import { createCredentialMutation, providers } from "#src/web/api/queries/secrets.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { RadioGroup } from "#src/web/ui/radio-group.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { keeperId, keeperItems, vault } from "./keeper.ts";
import { providerLabel } from "./provider-label.ts";
import { ScopeField, type Scope } from "./scope-field.tsx";
import { SecretInput } from "./secret-input.tsx";

type CredentialForm = {
  provider: string;
  name: string;
  type: ProviderCredential["type"];
  value: string;
  scope: Scope;
  keeper: string;
};

const empty: CredentialForm = {
  provider: "claude",
  name: "",
  type: "api_key",
  value: "",
  scope: "user",
  keeper: vault,
};

type CredentialDialogProps = { open: boolean; backends: readonly Backend[]; onClose: () => void };

/** Keeps a credential for an AI provider. */
export function CredentialDialog({ open, backends, onClose }: CredentialDialogProps) {
  const form_id = useId();
  const create = useMutation(createCredentialMutation);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="New provider credential"
      description="The value is sealed. Nobody can read it here again."
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form_id} variant="primary" busy={create.isPending}>
            Keep credential
          </Button>
        </>
      }
    >
      <CredentialFields
        id={form_id}
        backends={backends}
        onSave={async ({ keeper, ...body }) => {
          await create.mutateAsync({ ...body, backend_id: keeperId(keeper) });
          toast.success(`${body.name} is kept`);
          onClose();
        }}
      />
    </Dialog>
  );
}

type CredentialFieldsProps = {
  id: string;
  backends: readonly Backend[];
  onSave: (form: CredentialForm) => Promise<void>;
};

function CredentialFields({ id, backends, onSave }: CredentialFieldsProps) {
  const { control, register, handleSubmit, setError, formState } = useForm({ defaultValues: empty });
  const { errors } = formState;
  const provider = useWatch({ control, name: "provider" });
  const keepers = keeperItems(backends, ({ capabilities }) =>
    capabilities.provider_secrets.includes(provider),
  );

  const submit = handleSubmit(async (form) => {
    try {
      await onSave(form);
    } catch (error) {
      const named = sameName("provider", "name", "type", "value", "scope");
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
      <Controller
        control={control}
        name="provider"
        render={({ field, fieldState }) => (
          <Field label="Provider" error={fieldState.error?.message}>
            <Select
              value={field.value}
              onValueChange={field.onChange}
              items={providers.map((value) => ({ value, label: providerLabel(value) }))}
            />
          </Field>
        )}
      />
      <Field label="Name" required error={errors.name?.message}>
        <Input
          {...register("name", { required: "Enter a name" })}
          placeholder="work key"
          autoComplete="off"
        />
      </Field>
      <Controller
        control={control}
        name="type"
        render={({ field }) => (
          <div className="flex flex-col gap-1">
            <span className="font-medium">Type</span>
            <RadioGroup
              label="Type"
              value={field.value}
              onValueChange={field.onChange}
              items={[
                { value: "api_key", label: "API key", hint: "Made in the provider's console" },
                {
                  value: "oauth",
                  label: "Sign-in (OAuth)",
                  hint: signInHint(provider),
                },
              ]}
            />
          </div>
        )}
      />
      <Controller
        control={control}
        name="value"
        rules={{ required: "Enter the key or token to keep" }}
        render={({ field, fieldState }) => (
          <Field label="Value" required error={fieldState.error?.message}>
            <SecretInput value={field.value} onChange={field.onChange} onBlur={field.onBlur} />
          </Field>
        )}
      />
      <Controller
        control={control}
        name="scope"
        render={({ field }) => <ScopeField value={field.value} onChange={field.onChange} />}
      />
      {keepers.length > 1 && (
        <Controller
          control={control}
          name="keeper"
          render={({ field }) => (
            <Field label="Kept by">
              <Select value={field.value} onValueChange={field.onChange} items={keepers} />
            </Field>
          )}
        />
      )}
    </form>
  );
}

/** What the value of a sign-in is: each provider's program writes its own. */
function signInHint(provider: string): string {
  switch (provider) {
    case "claude":
      return "The whole of ~/.claude/.credentials.json, or the token that `claude setup-token` prints";
    case "codex":
      return "The whole of ~/.codex/auth.json, which `codex login` writes";
    default:
      return "The token that the provider's own program made";
  }
}

const codes = { secret_already_exists: "name", already_exists: "name" } as const;
