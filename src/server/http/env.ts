import type { Actor } from "#src/domain/request.ts";

/** What the middlewares leave in a request's context: who calls, and the token or sign-in it is by. */
export type AppEnv = { Variables: { actor: Actor; credential_id: string } };
