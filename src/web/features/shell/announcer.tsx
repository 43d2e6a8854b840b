import { useEffect, useRef, useState } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import { announcement } from "./announcement.logic.ts";

/** Tells screen readers of each request that comes while the page is open. */
export function Announcer({ requests }: { requests: readonly PendingRequest[] | undefined }) {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!requests) return;
    const before = known.current;
    known.current = new Set(requests.map(({ id }) => id));
    if (before) setSaid((last) => announcement(requests.filter(({ id }) => !before.has(id))) ?? last);
  }, [requests]);
  return (
    <div aria-live="assertive" aria-atomic className="sr-only">
      {said}
    </div>
  );
}
