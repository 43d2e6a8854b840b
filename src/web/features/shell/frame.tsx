import { Menu as MenuIcon, PanelLeft } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { useLocation } from "react-router";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { useShortcut } from "#src/web/ui/shortcut.ts";
import { Brand } from "./brand.tsx";
import { useIsWide } from "#src/web/ui/use-is-wide.ts";
import { lazyPart } from "#src/web/ui/load-code.ts";

const Sheet = lazyPart(async () => (await import("#src/web/ui/sheet.tsx")).Sheet);

type FrameProps = {
  sidebar: ReactNode;
  /** Spans the page above everything else. */
  banner: ReactNode;
  /** How many requests wait; printed on the phone's menu button. */
  pending: number;
  children: ReactNode;
};

/** The page's frame: the sidebar beside what an address shows, or behind a menu button on a phone. */
export function Frame({ sidebar, banner, pending, children }: FrameProps) {
  const isWide = useIsWide();
  const [isHidden, setIsHidden] = useState(false);
  useShortcut("mod+b", () => setIsHidden(!isHidden), { enabled: isWide });
  const showsSidebar = isWide && !isHidden;

  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      {banner}
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        {showsSidebar && (
          <aside
            aria-label="Navigation"
            className="flex w-70 shrink-0 flex-col border-r border-border bg-surface"
          >
            {sidebar}
          </aside>
        )}
        {!isWide && <TopBar sidebar={sidebar} pending={pending} />}
        {isWide && isHidden && (
          <div className="flex w-10 shrink-0 flex-col items-center border-r border-border bg-surface py-2">
            <IconButton
              label="Show the sidebar"
              keys="mod+b"
              icon={<PanelLeft size={16} />}
              onClick={() => setIsHidden(false)}
            />
          </div>
        )}
        <main id="main" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto">
          {children}
        </main>
      </div>
    </div>
  );
}

function TopBar({ sidebar, pending }: Pick<FrameProps, "sidebar" | "pending">) {
  const { key } = useLocation();
  /** Where it was opened: going anywhere else closes it. */
  const [openAt, setOpenAt] = useState<string | null>(null);
  const label = pending > 0 ? `Open the menu, ${pending} waiting for you` : "Open the menu";
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b border-border bg-surface px-2">
      <span className="relative">
        <IconButton label={label} icon={<MenuIcon size={16} />} onClick={() => setOpenAt(key)} />
        {pending > 0 && (
          <span
            aria-hidden
            className="pointer-events-none absolute top-0 right-0 flex h-4 min-w-4 items-center justify-center rounded-full bg-permission px-1 text-xs font-semibold text-bg"
          >
            {pending}
          </span>
        )}
      </span>
      <Brand />
      <Suspense>
        <Sheet
          open={openAt === key}
          onOpenChange={(open) => setOpenAt(open ? key : null)}
          title="Navigation"
          side="left"
          bare
        >
          {sidebar}
        </Sheet>
      </Suspense>
    </header>
  );
}
