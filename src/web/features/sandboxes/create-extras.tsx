import type { UseFormReturn } from "react-hook-form";
import type { Capabilities } from "#src/domain/backend.ts";
import type { Secret } from "#src/domain/secret.ts";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import { honours, type CreateForm } from "./create-form.logic.ts";
import { EnvEditor } from "./env-editor.tsx";
import { MoreFields } from "./more-fields.tsx";
import { SecretEnvEditor } from "./secret-env-editor.tsx";

type CreateExtrasProps = {
  form: UseFormReturn<CreateForm>;
  capabilities: Capabilities;
  secrets: readonly Secret[];
};

/** The optional fields, each only where the backend honours it. */
export function CreateExtras({ form, capabilities, secrets }: CreateExtrasProps) {
  const { register, formState } = form;
  const { errors } = formState;
  const has = (field: string) => honours(capabilities, field);
  return (
    <>
      {has("env_vars") && <EnvEditor form={form} />}
      {has("secret_env_vars") && <SecretEnvEditor form={form} secrets={secrets} />}
      {has("setup_script") && (
        <Field
          label="Setup script"
          optional
          hint="Runs once in the folder before the first session. Its output is shown, and it can be run again."
          error={errors.setup_script?.message}
        >
          <Textarea {...register("setup_script")} rows={2} placeholder="npm ci" spellCheck={false} mono />
        </Field>
      )}
      {has("labels") && (
        <Field label="Labels" optional hint="For filters: team=web, spike" error={errors.labels?.message}>
          <Input {...register("labels")} autoComplete="off" spellCheck={false} />
        </Field>
      )}
      {has("auto_stop_minutes") && (
        <Field
          label="Stop after idle minutes"
          optional
          hint="Blank or 0 is never. A running turn is not idle."
          error={errors.auto_stop_minutes?.message}
        >
          <Input
            {...register("auto_stop_minutes")}
            type="number"
            inputMode="numeric"
            min={0}
            max={10080}
            className="max-w-32"
          />
        </Field>
      )}
      <MoreFields form={form} capabilities={capabilities} />
    </>
  );
}
