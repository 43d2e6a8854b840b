import * as z from "zod";
import { defineRoutes } from "./route.ts";

const tag = "System";

export const AccessToken = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe("its first characters, to tell tokens apart"),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
});

export const systemRoutes = defineRoutes({
  "GET /me": {
    tag,
    summary: "Who is signed in, and what this server is",
    responses: {
      200: z.object({
        name: z.string(),
        version: z.string(),
        data_dir: z.string(),
        agent_server_version: z.string().nullable(),
        node_version: z.string(),
        started_at: z.string(),
        demo_agent: z.string(),
      }),
    },
  },
  "POST /sign-in": {
    tag,
    summary: "Trade the one-time code of a sign-in link for a cookie",
    body: z.object({ code: z.string().min(1).max(200) }),
    responses: { 204: null },
    errors: ["code_invalid"],
  },
  "POST /sign-in-links": {
    tag,
    summary: "A new one-time sign-in link, for another browser",
    responses: { 201: z.object({ link: z.string(), expires_at: z.string() }) },
  },
  "POST /sign-out": { tag, summary: "Forget this browser", responses: { 204: null } },
  "GET /tokens": {
    tag,
    summary: "Access tokens, without their values",
    responses: { 200: z.array(AccessToken) },
  },
  "POST /tokens": {
    tag,
    summary: "Make an access token; its value is shown once",
    body: z.object({ name: z.string().trim().min(1).max(80) }),
    responses: { 201: AccessToken.extend({ token: z.string() }) },
  },
  "DELETE /tokens/{token_id}": { tag, summary: "Revoke it", responses: { 204: null } },
});
