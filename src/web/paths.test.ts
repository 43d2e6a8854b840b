import { matchRoutes } from "react-router";
import { describe, expect, it } from "vitest";
import { paths } from "./paths.ts";
import { routeTable } from "./router.tsx";

const params = { session_id: "s/1", sandbox_id: "web-1", backend_id: "b 1", request_id: "r 1" };

/** Where an address leads: the pattern of the last route and what it read from the address. */
function destination(address: string) {
  const match = matchRoutes(routeTable, new URL(address, "http://localhost").pathname)?.at(-1);
  return { path: match?.route.path, params: match?.params };
}

describe("paths", () => {
  it.each(Object.entries(paths).map(([name, path]) => [name, path(params)]))(
    "%s leads to a page",
    (_, address) => {
      expect(destination(address)).toMatchObject({ path: expect.not.stringContaining("*") });
    },
  );

  it("carries any id safely", () => {
    expect(destination(paths.session(params))).toEqual({
      path: "/sessions/:session_id",
      params: { session_id: "s/1" },
    });
    expect(destination(paths.backend(params)).params).toEqual({ backend_id: "b 1" });
  });

  it("shows the not-found page for anything else", () => {
    expect(destination("/nowhere")).toMatchObject({ path: "*" });
  });
});
