import type { Actor } from "#src/domain/request.ts";

/** What the middlewares leave in a request's context. */
export type AppEnv = { Variables: { actor: Actor; token_id: string | null } };
