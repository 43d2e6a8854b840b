import { Plus, X } from "lucide-react";
import { useState, type ClipboardEvent } from "react";
import { useFieldArray, type UseFormReturn } from "react-hook-form";
import { looksLikeDotenv } from "#src/lib/dotenv.ts";
import { Button } from "#src/web/ui/button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import type { CreateForm } from "./create-form.logic.ts";
import { envNameProblem, pasteEnv } from "./env-rows.logic.ts";

/** Environment variables, row by row; a `.env` pasted into any name fills the rows. */
export function EnvEditor({ form }: { form: UseFormReturn<CreateForm> }) {
  const { control, register, getValues, formState } = form;
  const { fields, append, remove, replace } = useFieldArray({ control, name: "env" });
  const [notes, setNotes] = useState<readonly string[]>([]);

  const handlePaste = (event: ClipboardEvent, at: number) => {
    const text = event.clipboardData.getData("text");
    if (!looksLikeDotenv(text)) return;
    event.preventDefault();
    const { rows, problems } = pasteEnv(getValues("env"), at, text);
    replace(rows);
    setNotes(problems.map(({ line, message }) => `Line ${line}: ${message}`));
  };

  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">
        Environment variables <span className="font-normal text-faint">(optional)</span>
      </legend>
      {fields.map((field, index) => {
        const problem = formState.errors.env?.[index]?.name?.message;
        return (
          <div key={field.id}>
            <div className="flex gap-1.5">
              <Input
                {...register(`env.${index}.name`, {
                  validate: (_name, values) => envNameProblem(values.env, index) ?? true,
                })}
                aria-label={`Variable ${index + 1}, name`}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? `${field.id}-problem` : undefined}
                placeholder="NAME"
                autoComplete="off"
                spellCheck={false}
                mono
                className="flex-2"
                onPaste={(event) => handlePaste(event, index)}
              />
              <Input
                {...register(`env.${index}.value`)}
                aria-label={`Variable ${index + 1}, value`}
                placeholder="value"
                autoComplete="off"
                spellCheck={false}
                mono
                className="flex-3"
              />
              <IconButton
                label={`Remove variable ${index + 1}`}
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
      {notes.length > 0 && (
        <output className="text-xs text-permission">
          {notes.map((note) => (
            <span key={note} className="block">
              {note}
            </span>
          ))}
        </output>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => append({ name: "", value: "" })}
        >
          Add variable
        </Button>
        {fields.length > 0 && (
          <span className="text-xs text-faint">Paste a .env into a name to fill the rows.</span>
        )}
      </div>
    </fieldset>
  );
}
