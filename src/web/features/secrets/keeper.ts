import type { Backend } from "#src/domain/backend.ts";

/** Where a secret is kept, and why something cannot be done with it there. */
export type Keeper = { name: string; why: (action: "create" | "update" | "delete") => string | null };

/** Sandbar's own vault, which can do everything, or one of the backends. */
export function keeperOf(backend_id: string | null, backends: readonly Backend[]): Keeper {
  if (backend_id === null) return { name: "Sandbar", why: () => null };
  const backend = backends.find(({ id }) => id === backend_id);
  if (!backend) return { name: "removed backend", why: () => "Its backend is not connected any more" };
  const { secrets, notes } = backend.capabilities;
  return {
    name: backend.name,
    why: (action) =>
      secrets[action]
        ? null
        : (notes[`secrets.${action}`] ?? `${backend.name} does not allow this from outside`),
  };
}

/** Where new secrets may be kept, Sandbar's vault first; a select's items. `vault` stands for the vault. */
export function keeperItems(backends: readonly Backend[], can: (backend: Backend) => boolean) {
  return [
    { value: vault, label: "Sandbar, on this machine", detail: "For sandboxes of every backend" },
    ...backends
      .filter(can)
      .map(({ id, name }) => ({ value: id, label: name, detail: "Only for its own sandboxes" })),
  ];
}

export const vault = "vault";

/** A select's value as the API takes it. */
export function keeperId(value: string): string | undefined {
  return value === vault ? undefined : value;
}
