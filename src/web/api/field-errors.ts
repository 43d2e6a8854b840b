import { isApiError } from "./api-error.ts";

/** One field of a request that the server would not take. */
export type FieldError = { path: (string | number)[]; message: string };

/** The fields that a 400 names in its `details`, in the server's order; none for any other error. */
export function fieldErrors(error: unknown): FieldError[] {
  if (!isApiError(error) || error.status !== 400 || !Array.isArray(error.details)) return [];
  return error.details.flatMap(readFieldError);
}

function readFieldError(detail: unknown): FieldError[] {
  if (typeof detail !== "object" || detail === null || !("path" in detail) || !("message" in detail)) return [];
  const path = typeof detail.path === "string" ? detail.path.split(".") : detail.path;
  if (!Array.isArray(path)) return [];
  return [{ path: path.filter(isStep), message: String(detail.message) }];
}

function isStep(step: unknown): step is string | number {
  return typeof step === "string" || typeof step === "number";
}
