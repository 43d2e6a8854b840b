import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { fieldErrors } from "#src/web/api/field-errors.ts";
import { updateSandboxMutation } from "#src/web/api/queries/sandboxes.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { honours } from "./create-form.logic.ts";
import { formatLabels, parseLabels } from "./labels.logic.ts";

type SandboxSettingsProps = { sandbox: Sandbox; backend: Backend | undefined };

/** What can be changed of a sandbox after it was made. */
export function SandboxSettings({ sandbox, backend }: SandboxSettingsProps) {
  const stops = backend !== undefined && honours(backend.capabilities, "auto_stop_minutes");
  const values = {
    labels: formatLabels(sandbox.labels),
    auto_stop_minutes: sandbox.spec.auto_stop_minutes > 0 ? String(sandbox.spec.auto_stop_minutes) : "",
  };
  const { register, handleSubmit, setError, formState } = useForm({
    values,
    resetOptions: { keepDirtyValues: true },
  });
  const update = useMutation(updateSandboxMutation);
  const { errors, isDirty } = formState;

  const submit = handleSubmit(async ({ labels, auto_stop_minutes }) => {
    try {
      await update.mutateAsync({
        sandbox_id: sandbox.id,
        labels: parseLabels(labels),
        ...(stops ? { auto_stop_minutes: Number(auto_stop_minutes || 0) } : {}),
      });
      toast.success("Settings saved");
    } catch (error) {
      const [issue] = fieldErrors(error);
      const field = issue?.path[0] === "auto_stop_minutes" ? "auto_stop_minutes" : "labels";
      setError(field, { message: issue?.message ?? messageOf(error) }, { shouldFocus: true });
    }
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <Field label="Labels" hint="For filters: team=web, spike" error={errors.labels?.message}>
        <Input {...register("labels")} autoComplete="off" spellCheck={false} />
      </Field>
      {stops && (
        <Field
          label="Stop after idle minutes"
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
      <Button type="submit" className="self-start" busy={update.isPending} disabled={!isDirty}>
        Save
      </Button>
    </form>
  );
}
