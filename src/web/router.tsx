import { createBrowserRouter, type RouteObject } from "react-router";
import { ErrorPage } from "./routes/error.tsx";
import { Layout } from "./routes/layout.tsx";
import { NotFound } from "./routes/not-found.tsx";

/**
 * Every page. A lazy module exports `Component`, and `ErrorBoundary` if it has one of its own; an error of a page stays
 * inside the frame.
 */
export const routeTable: RouteObject[] = [
  { path: "/sign-in", lazy: () => import("./routes/sign-in.tsx"), ErrorBoundary: ErrorPage },
  {
    Component: Layout,
    ErrorBoundary: ErrorPage,
    children: [
      {
        ErrorBoundary: ErrorPage,
        children: [
          { path: "/", lazy: () => import("./routes/home.tsx") },
          { path: "/sessions/:session_id", lazy: () => import("./routes/session.tsx") },
          { path: "/sandboxes", lazy: () => import("./routes/sandboxes.tsx") },
          { path: "/sandboxes/:sandbox_id", lazy: () => import("./routes/sandbox.tsx") },
          { path: "/secrets", lazy: () => import("./routes/secrets.tsx") },
          { path: "/backends", lazy: () => import("./routes/backends.tsx") },
          { path: "/backends/:backend_id", lazy: () => import("./routes/backend.tsx") },
          { path: "/settings", lazy: () => import("./routes/settings.tsx") },
          { path: "*", Component: NotFound },
        ],
      },
    ],
  },
];

export function createAppRouter() {
  return createBrowserRouter(routeTable);
}
