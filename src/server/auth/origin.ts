export type OriginFacts = {
  method: string;
  /** The answer is an event stream, which stays open and costs. */
  is_stream: boolean;
  /** It carries a token of its own: no browser adds one by itself. */
  has_token: boolean;
  host: string | undefined;
  origin: string | undefined;
  sec_fetch_site: string | undefined;
};

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a request may act for the browser it comes from. What changes something, and every stream, must come from
 * Sandbar's own page: the browser says so in `Sec-Fetch-Site`, an older one in `Origin`. One that says nothing is not
 * a browser and uses a token.
 */
export function isOwnOrigin(facts: OriginFacts): boolean {
  const { method, is_stream, has_token, host, origin, sec_fetch_site } = facts;
  if (has_token || (safe.has(method) && !is_stream)) return true;
  if (sec_fetch_site !== undefined) return sec_fetch_site === "same-origin" || sec_fetch_site === "none";
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}
