import type { Backend } from "#src/domain/backend.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

/** Says that what the agent does now cannot be seen, and why. */
export function BackendNotice({ backend }: { backend: Pick<Backend, "name" | "state_detail"> }) {
  return (
    <div className="mb-2">
      <Banner tone="warning" title={`${visibleText(backend.name)} cannot be reached.`}>
        What you see is the last that was heard. {visibleText(backend.state_detail ?? "")}
      </Banner>
    </div>
  );
}
