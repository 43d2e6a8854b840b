import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { fieldErrors } from "#src/web/api/field-errors.ts";
import { fieldOfPath, type CreateField, type CreateForm } from "./create-form.logic.ts";

export type FormErrors = { fields: { field: CreateField; message: string }[]; rest: string | null };

/** Where a form shows what the server said: at the fields it names, and the rest above the form. */
export function serverErrors(error: unknown, form: CreateForm): FormErrors {
  const message = messageOf(error);
  const known = isApiError(error) ? fieldOfCode[error.code] : undefined;
  if (known) return { fields: [{ field: known, message }], rest: null };

  const fields: FormErrors["fields"] = [];
  const rest: string[] = [];
  for (const issue of fieldErrors(error)) {
    const field = fieldOfPath(issue.path, form);
    if (field) fields.push({ field, message: issue.message });
    else rest.push([issue.path.join("."), issue.message].filter(Boolean).join(": "));
  }
  if (fields.length + rest.length === 0) return { fields, rest: message };
  return { fields, rest: rest.length > 0 ? rest.join("; ") : null };
}

/** Refusals that are about one field without naming its path. */
const fieldOfCode: Readonly<Record<string, CreateField>> = {
  sandbox_already_exists: "name",
  already_exists: "name",
  secret_not_found: "secrets",
  backend_not_found: "backend_id",
};
