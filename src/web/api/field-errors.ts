import { isApiError } from "./api-error.ts";

/** One field of a request that the server would not take: its path, in steps, and what is wrong. */
export type FieldError = { path: string[]; message: string };

/** The fields that a 400 names in `details.issues`, in the server's order; none for any other error. */
export function fieldErrors(error: unknown): FieldError[] {
  if (!isApiError(error) || error.status !== 400) return [];
  const { details } = error;
  if (typeof details !== "object" || details === null || !("issues" in details)) return [];
  return Array.isArray(details.issues) ? details.issues.flatMap(readIssue) : [];
}

function readIssue(issue: unknown): FieldError[] {
  if (typeof issue !== "object" || issue === null || !("path" in issue) || !("message" in issue)) return [];
  return [{ path: pathSteps(String(issue.path)), message: sentence(String(issue.message)) }];
}

/** A schema's remark stands alone under a field, so it begins like a sentence. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `labels["a b"][0]` → `["labels", "a b", "0"]`. */
function pathSteps(path: string): string[] {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : String(JSON.parse(`"${quoted}"`)),
  );
}
