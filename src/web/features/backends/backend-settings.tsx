import { useMutation } from "@tanstack/react-query";
import { useForm, useWatch } from "react-hook-form";
import type { Backend } from "#src/domain/backend.ts";
import { failureTitle } from "#src/web/api/api-error.ts";
import { formErrors, sameName } from "#src/web/api/form-errors.ts";
import { updateBackendMutation } from "#src/web/api/queries/backends.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { addressAdvice } from "./connect.logic.ts";

/** Its name, and how it is reached; the token can be replaced and never read. */
export function BackendSettings({ backend }: { backend: Backend }) {
  const update = useMutation(updateBackendMutation);
  const { control, register, handleSubmit, setError, reset, formState } = useForm({
    values: { name: backend.name, url: backend.url ?? "", token: "" },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, dirtyFields, isDirty } = formState;
  const url = useWatch({ control, name: "url" });
  const remote = backend.url !== null;

  const submit = handleSubmit(async ({ name, url, token }) => {
    try {
      await update.mutateAsync({
        backend_id: backend.id,
        ...(dirtyFields.name ? { name: name.trim() } : {}),
        ...(dirtyFields.url ? { url: url.trim() } : {}),
        ...(token === "" ? {} : { token }),
      });
      reset({ name, url, token: "" });
      toast.success("Connection saved");
    } catch (error) {
      for (const [index, { field, message }] of formErrors(error, fieldOf, codes).entries()) {
        setError(field, { message }, { shouldFocus: index === 0 });
      }
    }
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      {errors.root && (
        <Banner tone="error" title={failureTitle(update.error, "It was not saved.")}>
          {errors.root.message}
        </Banner>
      )}
      <Field label="Name" required error={errors.name?.message}>
        <Input {...register("name", { required: "Enter a name" })} autoComplete="off" />
      </Field>
      {remote && (
        <>
          <Field
            label="Address"
            required
            hint={addressAdvice(url, new URL(window.location.href))}
            error={errors.url?.message}
          >
            <Input
              {...register("url", { required: "Enter the address of the server" })}
              type="url"
              autoComplete="off"
              spellCheck={false}
              mono
            />
          </Field>
          <Field
            label={backend.has_token ? "New token" : "Token"}
            hint={backend.has_token ? "Leave blank to keep the one it has." : "None is kept."}
            error={errors.token?.message}
          >
            <Input
              {...register("token")}
              type="password"
              autoComplete="new-password"
              spellCheck={false}
              mono
            />
          </Field>
        </>
      )}
      <Button type="submit" className="self-start" busy={update.isPending} disabled={!isDirty}>
        Save
      </Button>
    </form>
  );
}

const fieldOf = sameName("name", "url", "token");
const codes = {
  backend_unreachable: "url",
  backend_url_forbidden: "url",
  backend_unauthorized: "token",
} as const;
