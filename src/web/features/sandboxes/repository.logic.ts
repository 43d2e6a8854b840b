/** A repository's address as people say it: `https://github.com/acme/web.git` → `acme/web`. Others stay as they are. */
export function shortRepository(address: string): string {
  const path = /^[\w.-]+@[\w.-]+:(.+)$/.exec(address)?.[1] ?? URL.parse(address)?.pathname ?? address;
  return (
    path
      .replace(/^\/+/, "")
      .replace(/\/+$/, "")
      .replace(/\.git$/, "") || address
  );
}
