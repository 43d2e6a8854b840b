import { Compass } from "lucide-react";
import { Link } from "react-router";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";

/** For an address that is no page. */
export function NotFound() {
  return (
    <div className="flex h-full items-center justify-center">
      <EmptyState
        heading="h1"
        icon={<Compass size={20} />}
        title="There is no page at this address"
        text="It may have been mistyped, or what it showed was deleted."
        actions={
          <Link to={paths.home()} className={buttonClass({ variant: "primary" })}>
            Go to the start page
          </Link>
        }
      />
    </div>
  );
}
