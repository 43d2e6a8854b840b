import type { Secret } from "#src/domain/secret.ts";
import { SegmentedControl } from "#src/web/ui/segmented-control.tsx";

export type Scope = Secret["scope"];

/** Whose it is. Chosen when it is made; systems that know organizations share theirs with everyone in it. */
export function ScopeField({ value, onChange }: { value: Scope; onChange: (scope: Scope) => void }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">Scope</span>
      <div>
        <SegmentedControl
          label="Scope"
          items={[
            { value: "user", label: "Yours" },
            { value: "org", label: "Organization" },
          ]}
          value={value}
          onValueChange={onChange}
        />
      </div>
    </div>
  );
}
