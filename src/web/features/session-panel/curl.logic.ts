/** A call that Sandbar made upstream. */
export type Exchange = {
  at: string;
  method: string;
  url: string;
  body: unknown;
  status: number | null;
  duration_ms: number;
  error: string | null;
};

/** The call as a curl command; where it carried a token stands `$SANDBAR_TOKEN`. */
export function asCurl({ method, url, body }: Exchange): string {
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method]), quote(url)];
  const lines = [parts.join(" "), `  -H "Authorization: Bearer $SANDBAR_TOKEN"`];
  if (body !== null && body !== undefined) {
    lines.push(`  -H 'Content-Type: application/json'`, `  --data ${quote(JSON.stringify(body))}`);
  }
  return lines.join(" \\\n");
}

/** One word for a POSIX shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
