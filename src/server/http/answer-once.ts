import type { MiddlewareHandler } from "hono";
import { RecentMap } from "#src/lib/recent-map.ts";
import type { AppEnv } from "./env.ts";

/** Who sends again does so within moments. */
const KEPT_ANSWERS = 200;

type Answer = { status: number; headers: Headers; body: string | null };

/**
 * A command with an `Idempotency-Key` is done once: whoever sends it again, also while it is still being done, gets the
 * first one's answer. A browser does so by itself when a connection breaks before the answer, with a POST too. What
 * failed is tried anew.
 */
export function answerOnce(): MiddlewareHandler<AppEnv> {
  const answers = new RecentMap<string, Promise<Answer | null>>(KEPT_ANSWERS);
  return async (context, next) => {
    const { method, path } = context.req;
    const key = context.req.header("idempotency-key");
    const credential_id = context.get("credential_id") as string | undefined;
    if (!key || !credential_id || method === "GET" || method === "HEAD") return next();

    const name = [credential_id, method, path, key].join("\n");
    for (let earlier = answers.get(name); earlier; earlier = answers.get(name)) {
      const answer = await earlier;
      if (answer) return new Response(answer.body, answer);
    }
    const perform = async (): Promise<Answer | null> => {
      let answer: Answer | null = null;
      try {
        await next();
        answer = await copyOf(context.res);
      } finally {
        if (!answer) answers.delete(name);
      }
      return answer;
    };
    const performing = perform();
    answers.set(name, performing);
    await performing;
    return undefined;
  };
}

/** What can be said again: a success that is said in one piece. */
async function copyOf(response: Response): Promise<Answer | null> {
  const { status, headers } = response;
  const isWhole = headers.get("content-type")?.startsWith("application/json") ?? response.body === null;
  if (!response.ok || !isWhole) return null;
  return { status, headers: new Headers(headers), body: response.body && (await response.clone().text()) };
}
