import { ScrollRegion } from "#src/web/ui/content/scroll-region.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { Kbd } from "#src/web/ui/kbd.tsx";
import { shortcutGroups } from "./shortcuts.ts";

/** Every shortcut and what it does. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard shortcuts">
      {/* Nothing in it takes focus, so the list itself does: keys must be able to scroll it. */}
      <ScrollRegion label="Shortcuts" className="flex flex-col gap-4">
        {shortcutGroups.map(({ name, shortcuts }) => (
          <section key={name} aria-label={name}>
            <h3 className="pb-1 text-xs font-medium text-faint">{name}</h3>
            <dl className="divide-y divide-border">
              {shortcuts.map(({ keys, does }) => (
                <div key={does} className="flex items-center justify-between gap-4 py-1.5">
                  <dt>{does}</dt>
                  <dd className="flex shrink-0 gap-1.5">
                    {keys.map((one) => (
                      <Kbd key={one} keys={one} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </ScrollRegion>
    </Dialog>
  );
}
