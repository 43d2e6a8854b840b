import { expect, it } from "vitest";
import type { PermissionState } from "#src/transcript/rows.ts";
import { permissionWords } from "./request.logic.ts";

type Response = NonNullable<PermissionState["response"]>;

const state = (response: Partial<Response> | null): PermissionState => ({
  request: {
    request_id: "r",
    turn_id: null,
    tool_use_id: null,
    tool_name: "shell",
    title: "",
    tool_input: {},
    risk_level: null,
    directory: null,
    diffs: [],
    options: [],
    message_supported: false,
    expires_at: null,
  },
  requested_at: "2026-01-01T00:00:00.000Z",
  responded_at: response && "2026-01-01T00:00:04.200Z",
  response: response && {
    request_id: "r",
    tool_name: "shell",
    approved: true,
    reply: "once",
    option_name: null,
    message: null,
    state: "answered",
    by: { name: "ada", client: "Firefox" },
    ...response,
  },
});

it.each<[Partial<Response> | null, string, string]>([
  [null, "", ""],
  [{}, "Allowed once", "by ada (Firefox) after 4.2 s"],
  [{ reply: "always", by: null }, "Always allowed", "after 4.2 s"],
  [{ approved: false, reply: "reject" }, "Rejected", "by ada (Firefox) after 4.2 s"],
  [{ approved: false, state: "expired" }, "Expired", "without an answer after 4.2 s"],
  [{ reply: null, state: "auto_resolved" }, "Allowed", "by the agent's own rules"],
])("%#", (response, verdict, how) => expect(permissionWords(state(response))).toEqual({ verdict, how }));
