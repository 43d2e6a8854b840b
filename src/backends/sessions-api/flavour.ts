import type { Http } from "#src/backends/shared/http.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import type { Flavour } from "./memory.ts";
import { Me } from "./wire.ts";

export type Detector = {
  /** What is known without asking; null before the first answer. */
  known(): Flavour | null;
  version(): string | null;
  /** Asks once; a failure is asked again. */
  detect(signal: AbortSignal): Promise<Flavour>;
};

/** Tells a Sandbar, whose API is a superset, from any other server of the API: only a Sandbar says who is signed in. */
export function createDetector(http: Http): Detector {
  let flavour: Flavour | null = null;
  let version: string | null = null;

  return {
    known: () => flavour,
    version: () => version,
    async detect(signal) {
      if (flavour !== null) return flavour;
      try {
        const me = await http.json({ path: "/me", signal }, Me);
        version = me.version;
        flavour = "sandbar";
      } catch (error) {
        if (!isOtherServer(error)) throw error;
        flavour = "plain";
      }
      return flavour;
    },
  };
}

/** Whether a server answered that has no such route: by a 404, or by the page it gives for every path. */
function isOtherServer(error: unknown): boolean {
  if (!(error instanceof BackendError)) return false;
  if (error.code === "not_found" || error.code === "unsupported") return true;
  const { details } = error;
  return typeof details === "object" && details !== null && "status" in details && details.status === 200;
}
