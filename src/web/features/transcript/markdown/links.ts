const schemes = new Set(["http:", "https:", "mailto:"]);

/** A link that may be followed: where it goes and the name of the place, to show beside it. */
export type SafeLink = { href: string; host: string };

/**
 * What an agent's link may become. Only absolute http, https and mailto URLs pass; anything else (`javascript:`,
 * `data:`, relative paths, broken ones) is null and shown as text.
 */
export function safeLink(href: string): SafeLink | null {
  const url = URL.parse(href.trim());
  if (!url || !schemes.has(url.protocol)) return null;
  const host = url.protocol === "mailto:" ? url.pathname : url.host;
  return host === "" ? null : { href: url.href, host };
}
