import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { call } from "#src/web/api/call.ts";

export const systemKeys = { me: ["me"] as const };

/** Who is signed in, and what this server is. */
export const meQuery = queryOptions({
  queryKey: systemKeys.me,
  queryFn: ({ signal }) => call("GET /me", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Trades the one-time code of a sign-in link for a cookie. */
export const signInMutation = mutationOptions({
  mutationFn: (code: string) => call("POST /sign-in", { body: { code } }),
});

/** Makes a one-time link that signs another browser in. */
export const createSignInLinkMutation = mutationOptions({ mutationFn: () => call("POST /sign-in-links") });

/** Forgets this browser. */
export const signOutMutation = mutationOptions({ mutationFn: () => call("POST /sign-out") });
