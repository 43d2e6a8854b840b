import { isApiError, messageOf } from "./api-error.ts";
import { fieldErrors } from "./field-errors.ts";

/** What to show and at which field; `root` is above the form. */
export type FormError<F extends string> = { field: F | "root"; message: string };

/**
 * Where a form shows what the server said of it: at the field that `byCode` gives a refusal, at the fields that a 400
 * names (`fieldOf` maps their paths), and the rest above the form.
 */
export function formErrors<F extends string>(
  error: unknown,
  fieldOf: (path: readonly string[]) => F | null,
  byCode: Readonly<Record<string, F>> = {},
): FormError<F>[] {
  const message = messageOf(error);
  const refused = isApiError(error) ? byCode[error.code] : undefined;
  if (refused) return [{ field: refused, message }];

  const errors = fieldErrors(error).map((issue): FormError<F> => {
    const field = fieldOf(issue.path);
    if (field) return { field, message: issue.message };
    return { field: "root", message: [issue.path.join("."), issue.message].filter(Boolean).join(": ") };
  });
  return errors.length > 0 ? errors : [{ field: "root", message }];
}

/** The `fieldOf` of a form whose fields are called as the API calls them. */
export function sameName<F extends string>(...fields: readonly F[]): (path: readonly string[]) => F | null {
  return ([head]) => fields.find((field) => field === head) ?? null;
}
