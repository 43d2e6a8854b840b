import type { Backend } from "#src/domain/backend.ts";

export type Health = { tone: "ok" | "failed" | "permission" | "offline" | "stopped"; text: string };

/** The health of all backends in a few words; one that is paused on purpose counts neither way. */
export function backendsHealth(backends: readonly Pick<Backend, "state" | "name">[]): Health {
  const used = backends.filter(({ state }) => state !== "paused");
  const [first] = used;
  if (!first) return { tone: "stopped", text: backends.length === 0 ? "No backends" : "All backends paused" };
  const inState = (state: Backend["state"]) => used.filter((backend) => backend.state === state);
  const say = (those: readonly { name: string }[], word: string) =>
    those.length === 1 ? `${those[0]?.name} ${word}` : `${those.length} of ${used.length} backends ${word}`;

  const [unauthorized, offline, degraded] = [
    inState("unauthorized"),
    inState("offline"),
    inState("degraded"),
  ];
  if (unauthorized.length > 0) return { tone: "failed", text: say(unauthorized, "needs a token") };
  if (offline.length > 0) return { tone: "offline", text: say(offline, "offline") };
  if (degraded.length > 0) return { tone: "permission", text: say(degraded, "degraded") };
  return { tone: "ok", text: used.length === 1 ? `${first.name} up` : "All backends up" };
}
