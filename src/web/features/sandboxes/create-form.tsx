import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Secret } from "#src/domain/secret.ts";
import { failureTitle } from "#src/web/api/api-error.ts";
import { formErrors } from "#src/web/api/form-errors.ts";
import { createSandboxMutation } from "#src/web/api/queries/sandboxes.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { CreateExtras } from "./create-extras.tsx";
import {
  agentChoices,
  defaultAgent,
  emptyCreateForm,
  fieldOfCode,
  fieldOfPath,
  notOffered,
  suggestName,
  toSpec,
} from "./create-form.logic.ts";
import { CreateSource } from "./create-source.tsx";

type CreateFormProps = {
  id: string;
  backends: readonly Backend[];
  sandboxes: readonly Sandbox[];
  secrets: readonly Secret[];
  onBusy: (busy: boolean) => void;
  onCreated: (sandbox_id: string) => void;
};

/** The fields of a new sandbox: those that its backend honours. The server judges them. */
export function CreateForm({ id, backends, sandboxes, secrets, onBusy, onCreated }: CreateFormProps) {
  const able = backends.filter(({ capabilities }) => capabilities.sandboxes.create);
  const form = useForm({
    defaultValues: {
      ...emptyCreateForm,
      backend_id: able[0]?.id ?? "",
      source: able[0]?.capabilities.sources[0] ?? "empty",
      agent_provider: able[0] ? defaultAgent(able[0], sandboxes) : emptyCreateForm.agent_provider,
    },
    mode: "onBlur",
  });
  const create = useMutation(createSandboxMutation);
  const ref = useFirstFocus();
  const { control, register, setError, formState } = form;
  const [backend_id, source, url, path] = useWatch({
    control,
    name: ["backend_id", "source", "url", "path"],
  });
  const backend = able.find((candidate) => candidate.id === backend_id);
  if (!backend) return <Banner tone="warning">No connected backend can make sandboxes.</Banner>;

  const { capabilities } = backend;
  const taken = new Set(sandboxes.map(({ name }) => name));
  const suggested = suggestName({ source, url, path }, taken);

  /** What was picked for one backend may not exist on the next. */
  const fitTo = (next: Backend | undefined) => {
    if (!next) return;
    const { sources } = next.capabilities;
    if (!sources.includes(source)) form.setValue("source", sources[0] ?? "empty");
    if (!formState.dirtyFields.agent_provider) form.setValue("agent_provider", defaultAgent(next, sandboxes));
  };

  const submit = form.handleSubmit(async (values) => {
    onBusy(true);
    try {
      const made = await create.mutateAsync(toSpec(values, capabilities, suggested));
      onCreated(made.id);
    } catch (error) {
      const errors = formErrors(error, (path) => fieldOfPath(path, values), fieldOfCode);
      for (const [index, { field, message }] of errors.entries()) {
        setError(field, { message }, { shouldFocus: index === 0 });
      }
    } finally {
      onBusy(false);
    }
  });

  const missing = notOffered(capabilities);
  return (
    <form
      ref={ref}
      id={id}
      noValidate
      onSubmit={(event) => void submit(event)}
      className="flex flex-col gap-4"
    >
      {formState.errors.root && (
        <Banner tone="error" title={failureTitle(create.error, "The sandbox was not made.")}>
          {formState.errors.root.message}
        </Banner>
      )}
      {backends.length > 1 && (
        <Controller
          control={control}
          name="backend_id"
          render={({ field, fieldState }) => (
            <Field label="Backend" error={fieldState.error?.message}>
              <Select
                value={field.value}
                onValueChange={(next) => {
                  field.onChange(next);
                  fitTo(able.find((candidate) => candidate.id === next));
                }}
                items={backends.map(({ id: value, name, capabilities: can }) => ({
                  value,
                  label: name,
                  disabled: !can.sandboxes.create,
                  detail: can.sandboxes.create
                    ? undefined
                    : (can.notes["sandboxes.create"] ?? "It cannot make sandboxes"),
                }))}
              />
            </Field>
          )}
        />
      )}
      {capabilities.notes["sandboxes.create"] && (
        <p className="text-xs text-muted">{capabilities.notes["sandboxes.create"]}</p>
      )}
      <CreateSource form={form} sources={capabilities.sources} />
      <Field
        label="Name"
        hint="Lower-case letters, digits and hyphens. Left blank, it is called as shown."
        error={formState.errors.name?.message}
      >
        <Input {...register("name")} placeholder={suggested} autoComplete="off" spellCheck={false} />
      </Field>
      <Controller
        control={control}
        name="agent_provider"
        render={({ field, fieldState }) => (
          <Field
            label="Agent"
            hint="What a new session starts with; each session can pick another."
            error={fieldState.error?.message}
          >
            <Select value={field.value} onValueChange={field.onChange} items={agentChoices} />
          </Field>
        )}
      />
      <CreateExtras
        form={form}
        capabilities={capabilities}
        secrets={secrets.filter((secret) => secret.backend_id === null || secret.backend_id === backend.id)}
      />
      {missing.length > 0 && (
        <section aria-label={`Not offered by ${backend.name}`} className="text-xs text-faint">
          <p>{backend.name} does not offer:</p>
          <ul className="list-disc pl-4">
            {missing.map(({ label, reason }) => (
              <li key={label}>
                {label}
                {reason && `: ${reason}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </form>
  );
}

/**
 * When the backends were not known as the sheet opened, focus went to its buttons: it moves to the form's first choice
 * once there is one. Otherwise the sheet itself begins there.
 */
function useFirstFocus() {
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const form = ref.current;
    if (!form?.closest('[role="dialog"]')?.contains(document.activeElement)) return;
    form.querySelector<HTMLElement>('[role="combobox"], [role="radio"][aria-checked="true"]')?.focus();
  }, []);
  return ref;
}
