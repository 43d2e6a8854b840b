import { Link } from "react-router";
import { paths } from "#src/web/paths.ts";

/** The name, leading home. */
export function Brand() {
  return (
    <Link to={paths.home()} className="flex items-center gap-2 rounded-control px-1 text-base font-semibold">
      <svg viewBox="0 0 32 32" className="size-5" aria-hidden>
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path d="M5 21c3.2-5.4 7-8 11-8s7.8 2.6 11 8z" className="fill-on-accent" />
        <path
          d="M5 25.5c2.2-1.3 4.4-1.3 6.6 0s4.4 1.3 6.6 0 4.4-1.3 6.6 0"
          className="fill-none stroke-on-accent"
          strokeWidth="2"
          strokeLinecap="round"
          opacity=".7"
        />
      </svg>
      Sandbar
    </Link>
  );
}
