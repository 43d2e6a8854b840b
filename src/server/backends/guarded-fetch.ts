import { lookup as systemLookup } from "node:dns";
import { lookup } from "node:dns/promises";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { BackendError } from "#src/backends/backend-error.ts";
import { createLongFetch, type Fetch } from "./long-fetch.ts";

/** Addresses where clouds answer with credentials, and what routes there. No backend lives on them. */
const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addAddress("192.0.0.192", "ipv4");
forbidden.addSubnet("0.0.0.0", 8, "ipv4");
forbidden.addAddress("::", "ipv6");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export type Guard = {
  /** Where this server itself listens; a backend may not be Sandbar's own API. */
  own: () => { host: string; port: number } | null;
  /** Names to addresses; the system's resolver by default. */
  resolve?: (host: string) => Promise<string[]>;
};

async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

function isIn(list: BlockList, address: string): boolean {
  const plain = mapped.exec(address)?.[1] ?? address;
  return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/** Throws `BackendError` when the address may not be a backend: metadata services and Sandbar's own API (design §6). */
export async function checkBackendUrl(url: URL, guard: Guard): Promise<void> {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new BackendError("invalid_request", "A backend's address starts with http:// or https://.");
  }
  if (url.username || url.password) {
    throw new BackendError("invalid_request", "Put the token in its own field, not in the address.");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  let addresses: string[];
  try {
    addresses = isIP(host) ? [host] : await (guard.resolve ?? systemResolve)(host);
  } catch (error) {
    throw new BackendError("unreachable", `The name ${host} could not be found. Check the address.`, {
      cause: error,
    });
  }
  if (addresses.some((address) => isIn(forbidden, address))) {
    throw new BackendError(
      "invalid_request",
      `${host} leads to a link-local or metadata address, which Sandbar never calls.`,
    );
  }
  const own = guard.own();
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (
    own &&
    port === own.port &&
    addresses.some((address) => address === own.host || isIn(loopback, address))
  ) {
    throw new BackendError("invalid_request", "This is Sandbar's own address; connect another server.");
  }
}

/**
 * `fetch` for adapters, which follow no redirect. Every call's address is checked first, and again when the connection
 * is made, so a name that changes its address in between gains nothing.
 */
export function createGuardedFetch(guard: Guard): Fetch {
  const fetch = createLongFetch(guardedLookup);
  return async (url, init) => {
    await checkBackendUrl(new URL(url), guard);
    return fetch(url, init);
  };
}

/** The system's resolver, without the addresses that no backend may have. */
const guardedLookup: LookupFunction = (host, options, callback) => {
  systemLookup(host, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, "", 0);
    const allowed = found.filter(({ address }) => !isIn(forbidden, address));
    const [first] = allowed;
    if (!first) return callback(new Error(`${host} leads to a forbidden address`), "", 0);
    if (options.all) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};
