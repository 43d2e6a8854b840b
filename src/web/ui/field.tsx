import { createContext, type ReactNode, use, useId, useMemo } from "react";

type FieldControl = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  required: boolean | undefined;
};

const FieldContext = createContext<FieldControl | null>(null);

/** What a control inside a `Field` spreads so that its label, hint and error belong to it. Empty outside of one. */
export function useFieldControl(): Partial<FieldControl> {
  return use(FieldContext) ?? {};
}

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong and what to do; announced when it appears. */
  error?: string | null;
  required?: boolean;
  /** Says "optional" beside the label: for forms where most fields are required. */
  optional?: boolean;
  children: ReactNode;
};

/** A labelled control: one of this folder's inside it takes the label, the hint and the error by itself. */
export function Field({ label, hint, error, required, optional = false, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  const control = useMemo<FieldControl>(
    () => ({
      id,
      "aria-describedby": described || undefined,
      "aria-invalid": error ? true : undefined,
      required,
    }),
    [id, described, error, required],
  );
  return (
    <FieldContext value={control}>
      <div className="flex min-w-0 flex-col gap-1">
        <label htmlFor={id} className="font-medium">
          {label}
          {optional && <span className="font-normal text-faint"> (optional)</span>}
        </label>
        {children}
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-faint">
            {hint}
          </p>
        )}
        {error && (
          <p id={`${id}-error`} role="alert" className="text-xs text-failed">
            {error}
          </p>
        )}
      </div>
    </FieldContext>
  );
}
