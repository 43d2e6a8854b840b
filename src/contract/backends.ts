import * as z from "zod";
import { Backend, BackendKind } from "#src/domain/backend.ts";
import { defineRoutes } from "./route.ts";

const Probe = z.object({
  ok: z.boolean(),
  kind: BackendKind.nullable(),
  version: z.string().nullable(),
  latency_ms: z.number().nullable(),
  message: z.string().describe("what was found, or what failed and what to do"),
  attempts: z.array(z.object({ kind: BackendKind, path: z.string(), outcome: z.string() })),
});

const tag = "Backends";

export const backendRoutes = defineRoutes({
  "GET /backends": { tag, summary: "Every connected backend", responses: { 200: z.array(Backend) } },
  "POST /backends": {
    tag,
    summary: "Connect a backend; the token is sealed and never comes out again",
    body: z.object({
      name: z.string().min(1).max(80).optional(),
      kind: BackendKind.exclude(["local"]).optional().describe("found by probing when absent"),
      url: z.url({ protocol: /^https?$/, error: "an http or https address" }),
      token: z.string().optional(),
    }),
    responses: { 201: Backend },
    errors: ["backend_unreachable", "backend_unauthorized", "backend_kind_unknown", "backend_url_forbidden"],
  },
  "POST /backends/probe": {
    tag,
    summary: "Find out what answers at an address, without connecting it",
    body: z.object({
      url: z.url({ protocol: /^https?$/, error: "an http or https address" }),
      token: z.string().optional(),
    }),
    responses: { 200: Probe },
  },
  "GET /backends/{backend_id}": { tag, summary: "One backend", responses: { 200: Backend } },
  "PATCH /backends/{backend_id}": {
    tag,
    summary: "Rename it, replace its token or address, pause or resume it",
    body: z.object({
      name: z.string().min(1).max(80).optional(),
      url: z.url({ protocol: /^https?$/, error: "an http or https address" }).optional(),
      token: z.string().nullable().optional(),
      paused: z.boolean().optional(),
    }),
    responses: { 200: Backend },
  },
  "DELETE /backends/{backend_id}": {
    tag,
    summary: "Disconnect it; the recorded history stays",
    responses: { 204: null },
  },
  "POST /backends/{backend_id}/check": { tag, summary: "Check it now", responses: { 200: Backend } },
});
