import { useMutation } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { Controller, useForm, useWatch } from "react-hook-form";
import type { BodyIn } from "#src/contract/routes.ts";
import { formErrors, sameName } from "#src/web/api/form-errors.ts";
import { probeBackendMutation } from "#src/web/api/queries/backends.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { addressAdvice, nameFor, remoteKinds } from "./connect.logic.ts";
import { ProbeResult } from "./probe-result.tsx";

type Body = BodyIn<"POST /backends">;
type Form = { url: string; token: string; name: string; kind: NonNullable<Body["kind"]> | typeof detect };

/** The select's word for: let the server find out. */
const detect = "detect";

type ConnectFormProps = { id: string; onConnect: (body: Body) => Promise<void> };

/** An address and a token; the kind is found out, and can be corrected. */
export function ConnectForm({ id, onConnect }: ConnectFormProps) {
  const { control, register, handleSubmit, setError, setValue, trigger, getValues, formState } =
    useForm<Form>({
      defaultValues: { url: "", token: "", name: "", kind: detect },
    });
  const { errors } = formState;
  const probe = useMutation(probeBackendMutation);
  const url = useWatch({ control, name: "url" });

  const show = (error: unknown) => {
    for (const [index, { field, message }] of formErrors(error, fieldOf, codes).entries()) {
      setError(field, { message }, { shouldFocus: index === 0 });
    }
  };
  const findOut = async () => {
    if (!(await trigger("url"))) return;
    const { url, token } = getValues();
    try {
      const found = await probe.mutateAsync({ url: url.trim(), ...given("token", token) });
      const kind = remoteKinds.find((remote) => remote.kind === found.kind)?.kind;
      if (kind) setValue("kind", kind);
    } catch (error) {
      show(error);
    }
  };
  const submit = handleSubmit(async ({ url, token, name, kind }) => {
    try {
      await onConnect({
        url: url.trim(),
        ...given("token", token),
        ...given("name", name.trim()),
        ...(kind === detect ? {} : { kind }),
      });
    } catch (error) {
      show(error);
    }
  });

  return (
    <form id={id} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {errors.root && (
        <Banner tone="error" title="It was not connected.">
          {errors.root.message}
        </Banner>
      )}
      <Field
        label="Address"
        required
        hint={addressAdvice(url, new URL(window.location.href))}
        error={errors.url?.message}
      >
        <Input
          {...register("url", { required: "Enter the address of the server", onChange: () => probe.reset() })}
          type="url"
          placeholder="https://sandboxes.example.com"
          autoComplete="off"
          spellCheck={false}
          mono
        />
      </Field>
      <Field label="Token" optional error={errors.token?.message}>
        <Input
          {...register("token", { onChange: () => probe.reset() })}
          type="password"
          autoComplete="new-password"
          spellCheck={false}
          mono
        />
      </Field>
      <div className="flex flex-col gap-2">
        <Button
          className="self-start"
          icon={<Search size={14} aria-hidden />}
          onClick={() => void findOut()}
          busy={probe.isPending}
        >
          Find out what it is
        </Button>
        {probe.data && <ProbeResult probe={probe.data} />}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="kind"
          render={({ field, fieldState }) => (
            <Field label="Kind" error={fieldState.error?.message}>
              <Select
                value={field.value}
                onValueChange={field.onChange}
                items={[
                  { value: detect, label: "Found out when connecting" },
                  ...remoteKinds.map(({ kind, label, hint }) => ({ value: kind, label, detail: hint })),
                ]}
              />
            </Field>
          )}
        />
        <Field label="Name" optional error={errors.name?.message}>
          <Input {...register("name")} placeholder={nameFor(url) || "its host"} autoComplete="off" />
        </Field>
      </div>
    </form>
  );
}

const fieldOf = sameName("url", "token", "name", "kind");

/** Refusals that are about one field without naming its path. */
const codes = {
  backend_unreachable: "url",
  backend_url_forbidden: "url",
  backend_unauthorized: "token",
  backend_kind_unknown: "url",
} as const;

/** A field of the request, left out when it is blank. */
function given<K extends string>(name: K, value: string): Partial<Record<K, string>> {
  const field: Partial<Record<K, string>> = {};
  if (value !== "") field[name] = value;
  return field;
}
