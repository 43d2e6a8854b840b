import { Controller, useWatch, type UseFormReturn } from "react-hook-form";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { RadioGroup } from "#src/web/ui/radio-group.tsx";
import type { CreateForm, SourceType } from "./create-form.logic.ts";

const choices: Readonly<Record<SourceType, { label: string; hint: string }>> = {
  empty: { label: "Empty folder", hint: "Start from nothing" },
  git: { label: "Clone a repository", hint: "From any address that git can reach" },
  copy: { label: "Copy a local folder", hint: "The original is left as it is" },
};

type CreateSourceProps = { form: UseFormReturn<CreateForm>; sources: readonly SourceType[] };

/** Where the files of a new sandbox come from. */
export function CreateSource({ form, sources }: CreateSourceProps) {
  const { control, register, formState } = form;
  const { errors } = formState;
  const source = useWatch({ control, name: "source" });
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 font-medium">Files</legend>
      <Controller
        control={control}
        name="source"
        render={({ field, fieldState }) => (
          <>
            <RadioGroup
              label="Files"
              cards
              items={sources.map((value) => ({ value, ...choices[value] }))}
              value={field.value}
              onValueChange={field.onChange}
            />
            {fieldState.error && (
              <p role="alert" className="text-xs text-failed">
                {fieldState.error.message}
              </p>
            )}
          </>
        )}
      />
      {source === "git" && (
        <>
          <Field label="Repository" required error={errors.url?.message}>
            <Input
              {...register("url", { required: "Enter the address of the repository" })}
              placeholder="https://github.com/acme/web.git"
              autoComplete="off"
              spellCheck={false}
              mono
            />
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label="Branch" optional error={errors.branch?.message}>
              <Input
                {...register("branch")}
                placeholder="its default branch"
                spellCheck={false}
                autoComplete="off"
                mono
              />
            </Field>
            <Field label="New branch" optional error={errors.new_branch?.message}>
              <Input
                {...register("new_branch")}
                placeholder="none"
                spellCheck={false}
                autoComplete="off"
                mono
              />
            </Field>
          </div>
        </>
      )}
      {source === "copy" && (
        <Field
          label="Folder"
          required
          hint="A whole path on the machine that runs Sandbar."
          error={errors.path?.message}
        >
          <Input
            {...register("path", { required: "Enter the path of the folder" })}
            placeholder="/home/me/code/web"
            autoComplete="off"
            spellCheck={false}
            mono
          />
        </Field>
      )}
    </fieldset>
  );
}
