import { useState } from "react";
import { Controller, type UseFormReturn } from "react-hook-form";
import type { Capabilities } from "#src/domain/backend.ts";
import { cn } from "#src/web/ui/cn.ts";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import type { CreateForm } from "./create-form.logic.ts";
import { type MoreField, moreFieldsOf } from "./more-fields.logic.ts";

type MoreFieldsProps = { form: UseFormReturn<CreateForm>; capabilities: Capabilities };

/** The fields that only this backend knows, behind one line. It is open as long as one of them is wrong. */
export function MoreFields({ form, capabilities }: MoreFieldsProps) {
  const fields = moreFieldsOf(capabilities);
  const { errors } = form.formState;
  const [open, setOpen] = useState(false);
  // Stays open when the mistake is mended, as somebody types there.
  if (errors.more && !open) setOpen(true);
  if (fields.length === 0) return null;
  return (
    <Disclosure summary="More" open={open} onOpenChange={setOpen}>
      <div className="grid grid-cols-2 gap-3 pt-2">
        {fields.map((more) => (
          <div key={more.key} className={cn((more.hint || more.type === "lines") && "col-span-2")}>
            <Field label={more.label} hint={more.hint} error={errors.more?.[more.key]?.message}>
              <MoreControl form={form} more={more} />
            </Field>
          </div>
        ))}
      </div>
    </Disclosure>
  );
}

/** A select's value may not be empty, so its first item says that nothing is sent. */
const LEFT_OUT = "default";

function MoreControl({ form, more }: { form: UseFormReturn<CreateForm>; more: MoreField }) {
  const name = `more.${more.key}` as const;
  switch (more.type) {
    case "choice":
      return (
        <Controller
          control={form.control}
          name={name}
          render={({ field }) => (
            <Select
              value={field.value || LEFT_OUT}
              onValueChange={(value) => field.onChange(value === LEFT_OUT ? "" : value)}
              items={[{ value: LEFT_OUT, label: "As the backend does it" }, ...more.choices]}
            />
          )}
        />
      );
    case "lines":
      return <Textarea {...form.register(name)} rows={2} />;
    case "number":
      return (
        <Input {...form.register(name)} type="number" inputMode="numeric" step={1} className="max-w-32" />
      );
    case "text":
    case "words":
    case "credentials":
      return <Input {...form.register(name)} autoComplete="off" spellCheck={false} />;
    default:
      return more satisfies never;
  }
}
