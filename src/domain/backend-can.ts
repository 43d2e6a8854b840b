import type { Backend } from "./backend.ts";

/** Whether what is known of a backend's sandboxes and sessions may be old. */
export function isUnreachable(backend: Pick<Backend, "state"> | undefined): boolean {
  return backend?.state === "offline" || backend?.state === "unauthorized";
}
