import { Plus, X } from "lucide-react";
import { Controller, useFieldArray, type UseFormReturn } from "react-hook-form";
import { Link } from "react-router";
import type { Secret } from "#src/domain/secret.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import type { CreateForm } from "./create-form.logic.ts";
import { envNameFor, envNameProblem } from "./env-rows.logic.ts";

type SecretEnvEditorProps = { form: UseFormReturn<CreateForm>; secrets: readonly Secret[] };

/** Which stored secrets the sandbox gets, each as a variable of its own name. */
export function SecretEnvEditor({ form, secrets }: SecretEnvEditorProps) {
  const { control, register, getValues, setValue, formState } = form;
  const { fields, append, remove } = useFieldArray({ control, name: "secrets" });
  const items = secrets.map(({ name, description }) => ({ value: name, label: name, detail: description }));

  const choose = (index: number, secret: string) => {
    setValue(`secrets.${index}.value`, secret);
    if (getValues(`secrets.${index}.name`) === "") {
      setValue(`secrets.${index}.name`, envNameFor(secret), { shouldValidate: true });
    }
  };

  const { root } = formState.errors.secrets ?? {};
  const general = root?.message ?? formState.errors.secrets?.message;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">
        Secrets <span className="font-normal text-faint">(optional)</span>
      </legend>
      {fields.map((field, index) => {
        const problem = formState.errors.secrets?.[index]?.name?.message;
        return (
          <div key={field.id}>
            <div className="flex gap-1.5">
              <Controller
                control={control}
                name={`secrets.${index}.value`}
                render={({ field: { value } }) => (
                  <Select
                    label={`Secret ${index + 1}`}
                    value={value}
                    onValueChange={(secret) => choose(index, secret)}
                    items={items}
                    placeholder="Choose a secret"
                    className="flex-3"
                  />
                )}
              />
              <Input
                {...register(`secrets.${index}.name`, {
                  validate: (_name, values) => envNameProblem(values.secrets, index) ?? true,
                })}
                aria-label={`Secret ${index + 1}, variable`}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? `${field.id}-problem` : undefined}
                placeholder="as NAME"
                autoComplete="off"
                spellCheck={false}
                mono
                className="flex-2"
              />
              <IconButton
                label={`Remove secret ${index + 1}`}
                icon={<X size={14} />}
                onClick={() => remove(index)}
              />
            </div>
            {problem && (
              <p id={`${field.id}-problem`} role="alert" className="mt-1 text-xs text-failed">
                {problem}
              </p>
            )}
          </div>
        );
      })}
      {general && (
        <p role="alert" className="text-xs text-failed">
          {general}
        </p>
      )}
      {secrets.length === 0 ? (
        <p className="text-xs text-faint">
          None kept yet.{" "}
          <Link to={paths.secrets()} className="text-accent underline underline-offset-2">
            Add one on the secrets page
          </Link>
          , then pick it here.
        </p>
      ) : (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => append({ name: "", value: "" })}
        >
          Add secret
        </Button>
      )}
    </fieldset>
  );
}
