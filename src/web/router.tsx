import { createBrowserRouter, type RouteObject } from "react-router";
import { ErrorPage } from "./routes/error.tsx";
import { PageOnItsWay, SignInOnItsWay } from "./routes/on-its-way.tsx";
import { Layout } from "./routes/layout.tsx";
import { NotFound } from "./routes/not-found.tsx";
import { loadCode } from "#src/web/ui/load-code.ts";

function page<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return () => loadCode(load);
}

/**
 * Every page. A lazy module exports `Component`, and `ErrorBoundary` if it has one of its own; an error of a page stays
 * inside the frame. `handle` names the tab where no session or sandbox does.
 */
export const routeTable: RouteObject[] = [
  {
    path: "/sign-in",
    lazy: page(() => import("./routes/sign-in.tsx")),
    ErrorBoundary: ErrorPage,
    HydrateFallback: SignInOnItsWay,
  },
  {
    Component: Layout,
    ErrorBoundary: ErrorPage,
    children: [
      {
        ErrorBoundary: ErrorPage,
        // Inside the frame, which says so when the server does not answer.
        HydrateFallback: PageOnItsWay,
        children: [
          { path: "/", lazy: page(() => import("./routes/home.tsx")) },
          { path: "/inbox/:request_id?", handle: "Inbox", lazy: page(() => import("./routes/inbox.tsx")) },
          {
            path: "/sessions/:session_id",
            handle: "Session",
            lazy: page(() => import("./routes/session.tsx")),
          },
          { path: "/sandboxes", handle: "Sandboxes", lazy: page(() => import("./routes/sandboxes.tsx")) },
          {
            path: "/sandboxes/:sandbox_id",
            handle: "Sandbox",
            lazy: page(() => import("./routes/sandbox.tsx")),
          },
          { path: "/secrets", handle: "Secrets", lazy: page(() => import("./routes/secrets.tsx")) },
          { path: "/backends", handle: "Backends", lazy: page(() => import("./routes/backends.tsx")) },
          {
            path: "/backends/:backend_id",
            handle: "Backend",
            lazy: page(() => import("./routes/backend.tsx")),
          },
          { path: "/settings", handle: "Settings", lazy: page(() => import("./routes/settings.tsx")) },
          { path: "*", handle: "Not found", Component: NotFound },
        ],
      },
    ],
  },
];

export function createAppRouter() {
  return createBrowserRouter(routeTable);
}
