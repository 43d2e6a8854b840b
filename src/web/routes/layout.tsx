import { Outlet } from "react-router";

/** The frame around every page. */
export function Layout() {
  return (
    <main id="main" className="h-dvh">
      <Outlet />
    </main>
  );
}
