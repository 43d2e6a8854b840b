import { isIP } from "node:net";

export type HostRule = {
  /** The address the server listens on. */
  bound: string;
  /** Further names it answers to (`--allow-host`). */
  allowed: readonly string[];
};

/** Whether an address is the machine itself. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
}

/**
 * Whether a request's Host is one the server goes by. A page of another site whose name was pointed at this machine
 * (DNS rebinding) sends its own name. Addresses need no name server, so on a server that listens to the network any
 * address is one of its own.
 */
export function isKnownHost(header: string | undefined, { bound, allowed }: HostRule): boolean {
  const host = hostName(header);
  if (host === null) return false;
  if (isLoopback(host) || host === bare(bound)) return true;
  if (allowed.some((name) => bare(name) === host)) return true;
  return !isLoopback(bound) && isIP(host) !== 0;
}

/** `[::1]:4270` → `::1`; null for what is no host. */
function hostName(header: string | undefined): string | null {
  if (!header || /[\s/@?#\\]/.test(header)) return null;
  const address = `http://${header}`;
  return URL.canParse(address) ? bare(new URL(address).hostname) : null;
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
}
