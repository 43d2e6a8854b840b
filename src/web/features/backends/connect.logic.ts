import type { ResponseOf } from "#src/contract/routes.ts";
import type { BackendKind } from "#src/domain/backend.ts";

export type Probe = ResponseOf<"POST /backends/probe">;

/** The kinds that can be connected, with what each is called by those who run it. */
export const remoteKinds: readonly { kind: Exclude<BackendKind, "local">; label: string; hint: string }[] = [
  { kind: "sandbox_agent", label: "Sandbox Agent, 0.2 or newer", hint: "ACP over HTTP; one sandbox" },
  { kind: "sandbox_agent_rest", label: "Sandbox Agent 0.1", hint: "REST at /v1; one sandbox" },
  { kind: "amika", label: "Amika", hint: "API at /api/v0beta1" },
  { kind: "sessions_api", label: "Sessions API", hint: "API at /api/v1" },
];

export function kindLabel(kind: BackendKind): string {
  return remoteKinds.find((remote) => remote.kind === kind)?.label ?? "Local";
}

/**
 * What a person should know of an address before anything is sent to it, or null. The server has the last word; this
 * only says early what a look at the text can tell. `page` is the address Sandbar itself is open at.
 */
export function addressAdvice(text: string, page: URL): string | null {
  if (text.trim() === "") return null;
  const url = URL.parse(text.trim());
  if (!url) return "Write the whole address, for example https://sandboxes.example.com";
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return "The address starts with http:// or https://";
  if (url.username || url.password) return "Put the token in its own field, not in the address";
  if (url.origin === page.origin) return "This is Sandbar's own address; its sandboxes are here already";
  if (isMetadata(url.hostname)) return "This is a cloud's metadata address; Sandbar never calls it";
  if (url.protocol === "http:" && !isPrivate(url.hostname)) {
    return "Over http the token can be read on the way; use https if the server has it";
  }
  return null;
}

function isMetadata(host: string): boolean {
  return host.startsWith("169.254.") || host.startsWith("[fe80:") || host === "metadata.google.internal";
}

function isPrivate(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^(?:127|10)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(host)
  );
}

/** A name for a backend that was given none: its host, without what every host has. */
export function nameFor(address: string): string {
  return URL.parse(address.trim())?.host.replace(/^www\./, "") ?? "";
}
