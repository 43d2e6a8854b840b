import { ListOrdered } from "lucide-react";
import { Suspense, useState } from "react";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Popover } from "#src/web/ui/popover.tsx";
import { lazyPart } from "#src/web/ui/load-code.ts";

const OutlineTurns = lazyPart(async () => (await import("./outline-turns.tsx")).OutlineTurns);

type OutlineProps = {
  session_id: string;
  store: TranscriptStore;
  /** The row at the top of the view. */
  topRow: () => string | null;
  onJump: (row_key: string) => void;
};

/** The turns of the session, to jump to. */
export function Outline({ onJump, ...rest }: OutlineProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Outline"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-96 p-1"
      trigger={<IconButton size="sm" label="Outline of turns" icon={<ListOrdered size={16} />} />}
    >
      <Suspense>
        <OutlineTurns
          {...rest}
          onJump={(row_key) => {
            setOpen(false);
            onJump(row_key);
          }}
        />
      </Suspense>
    </Popover>
  );
}
