import { useQuery, useQueryClient } from "@tanstack/react-query";
import { startTransition, Suspense, useEffect, useState } from "react";
import { Outlet, useMatches, useNavigate, useParams, useSearchParams } from "react-router";
import { keepCacheLive } from "#src/web/api/live.ts";
import { pendingRequestsQuery } from "#src/web/api/queries/requests.ts";
import { sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { onSignedOut } from "#src/web/api/signed-out.ts";
import { joinStream } from "#src/web/api/stream/watch.ts";
import { lookAway, markSeen } from "#src/web/features/session-list/seen.ts";
import { SessionList } from "#src/web/features/session-list/session-list.tsx";
import { Announcer } from "#src/web/features/shell/announcer.tsx";
import { ConnectionBanner } from "#src/web/features/shell/connection-banner.tsx";
import { Frame } from "#src/web/features/shell/frame.tsx";
import { tabIcon, tabTitle } from "#src/web/features/shell/page-title.logic.ts";
import { Sidebar } from "#src/web/features/shell/sidebar.tsx";
import { paths } from "#src/web/paths.ts";
import { ConfirmHost } from "#src/web/ui/confirm.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { useShortcut } from "#src/web/ui/shortcut.ts";
import { lazyPart, preloadCode } from "#src/web/ui/load-code.ts";

const loadPalette = () => import("#src/web/features/palette/palette.tsx");
const loadNewSession = () => import("#src/web/features/new-session/new-session-dialog.tsx");

const ToastHost = lazyPart(async () => (await import("#src/web/ui/toast-host.tsx")).ToastHost);
const Notifications = lazyPart(
  async () => (await import("#src/web/features/notifications/notifications.tsx")).Notifications,
);
const Palette = lazyPart(async () => (await loadPalette()).Palette);
const NewSessionDialog = lazyPart(async () => (await loadNewSession()).NewSessionDialog);
const ShortcutsDialog = lazyPart(
  async () => (await import("#src/web/features/palette/shortcuts-dialog.tsx")).ShortcutsDialog,
);

/** The frame around every page of someone who is signed in, and what floats above all of them. */
export function Layout() {
  const { session_id } = useParams();
  const { data: requests } = useQuery(pendingRequestsQuery);
  const { data: sessions } = useQuery(sessionsQuery());
  const session = sessions?.items.find(({ id }) => id === session_id);
  const pending = requests?.length ?? 0;
  const [overlay, setOverlay] = useState<"palette" | "shortcuts" | null>(null);
  // In a transition, because React holds back what a Suspense fallback stood in for.
  const show = (which: "palette" | "shortcuts") => startTransition(() => setOverlay(which));
  const navigate = useNavigate();

  useLiveData();
  usePreload();
  useSignedOut();
  useTabTitle(pending);
  useSeenMark(session_id, session?.last_event_id);
  useShortcut("mod+k", () => show("palette"));
  useShortcut("?", () => show("shortcuts"));
  useShortcut("n", () => void navigate(paths.newSession({ sandbox: session?.sandbox_id })));

  const close = () => setOverlay(null);
  return (
    <>
      <Frame
        banner={<ConnectionBanner />}
        pending={pending}
        sidebar={
          <Sidebar
            sandbox_id={session?.sandbox_id ?? null}
            pending={pending}
            onSearch={() => show("palette")}
          >
            <SessionList />
          </Sidebar>
        }
      >
        <Outlet />
      </Frame>
      <Suspense>
        {overlay === "palette" && <Palette onClose={close} onShortcuts={() => show("shortcuts")} />}
        {overlay === "shortcuts" && <ShortcutsDialog onClose={close} />}
        <NewSession />
      </Suspense>
      <Announcer requests={requests} />
      <ConfirmHost />
      <Suspense>
        <Notifications />
        <ToastHost />
      </Suspense>
    </>
  );
}

/** The dialog that `?new-session` opens over any page. */
function NewSession() {
  const [params, setParams] = useSearchParams();
  const sandbox = params.get("new-session");
  if (sandbox === null) return null;
  const handleClose = () =>
    setParams(
      (current) => {
        current.delete("new-session");
        return current;
      },
      { replace: true },
    );
  return <NewSessionDialog sandbox={sandbox || null} onClose={handleClose} />;
}

/**
 * Fetches what comes next once the page is at rest: a session's page, so that the first one opens at once, and what a
 * shortcut opens, so that the keys typed right after it are not lost.
 */
function usePreload(): void {
  useEffect(() => {
    const timers = [
      setTimeout(() => preloadCode(() => import("./session.tsx")), 400),
      setTimeout(() => [loadPalette, loadNewSession].forEach(preloadCode), 1500),
    ];
    return () => timers.forEach(clearTimeout);
  }, []);
}

function useLiveData(): void {
  const client = useQueryClient();
  useEffect(() => {
    const leave = joinStream();
    const stop = keepCacheLive(client);
    return () => {
      stop();
      leave();
    };
  }, [client]);
}

/** Whoever is signed out leaves by a new page: nothing that was shown here stays in memory. */
function useSignedOut(): void {
  useEffect(() => {
    const stop = onSignedOut(() => {
      stop(); // many calls fail at once
      window.location.assign(paths.signIn());
    });
    return stop;
  }, []);
}

/** The tab is called after the page, or after the session or sandbox that it shows; its icon says whether something waits. */
function useTabTitle(pending: number): void {
  const { session_id, sandbox_id } = useParams();
  const { data: sessions } = useQuery(sessionsQuery());
  const { data: sandboxes } = useQuery({ ...sandboxesQuery(), enabled: sandbox_id !== undefined });
  const handle = useMatches().at(-1)?.handle;
  const page =
    sessions?.items.find(({ id }) => id === session_id)?.title ||
    sandboxes?.find(({ id }) => id === sandbox_id)?.name ||
    (typeof handle === "string" ? handle : null);
  useEffect(() => {
    document.title = tabTitle(page && visibleText(page), pending);
    document.querySelector("link[rel=icon]")?.setAttribute("href", tabIcon(pending));
  }, [page, pending]);
}

/** Whoever looks at a session has seen it; a hidden tab shows it to nobody. */
function useSeenMark(session_id: string | undefined, last_event_id: string | undefined): void {
  useEffect(() => (session_id === undefined ? undefined : lookAway), [session_id]);
  useEffect(() => {
    if (!session_id || !last_event_id) return;
    const mark = () => {
      if (document.visibilityState === "visible") markSeen(session_id, last_event_id);
      else lookAway();
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [session_id, last_event_id]);
}
