import { formatExact, formatRelative } from "#src/lib/format.ts";
import { useNow } from "./now.ts";

type RelativeTimeProps = {
  /** RFC 3339. */
  at: string;
  /** "4 min" instead of "4 min ago": for narrow columns. */
  short?: boolean;
  className?: string;
};

/** How long ago something was; the exact time on hover, by the browser itself: long lists hold many of these. */
export function RelativeTime({ at, short = false, className }: RelativeTimeProps) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatExact(at)} className={className}>
      {formatRelative(at, now, { short })}
    </time>
  );
}
