import { eventData } from "#src/domain/event.ts";
import { API_BASE, type RouteKey, routes, routeSpec } from "#src/contract/routes.ts";
import * as z from "zod";

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const json = (schema: z.ZodType): string =>
  escape(JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), null, 2));

const block = (title: string, schema: z.ZodType): string =>
  `<details><summary>${escape(title)}</summary><pre>${json(schema)}</pre></details>`;

function routeSection(key: RouteKey): string {
  const spec = routeSpec(key);
  const [method = "", path = ""] = key.split(" ");
  const responses = Object.entries(spec.responses).map(([status, schema]) =>
    schema
      ? block(`${status} response`, schema)
      : `<p class="quiet">${status}, ${spec.media ?? "no body"}</p>`,
  );
  return `<section id="${escape(key)}"><h3><code><b>${method}</b> ${escape(API_BASE + path)}</code></h3><p>${escape(spec.summary)}</p>${
    spec.query ? block("Query", spec.query) : ""
  }${spec.body ? block("Body", spec.body) : ""}${responses.join("")}${
    spec.errors
      ? `<p class="quiet">Errors: ${spec.errors.map((code) => `<code>${escape(code)}</code>`).join(", ")}</p>`
      : ""
  }</section>`;
}

/** A readable page of the whole API, generated from the contract: no script, no style from elsewhere. */
export function docsPage(version: string): string {
  const keys = Object.keys(routes) as RouteKey[];
  const tags = [...new Set(keys.map((key) => routeSpec(key).tag))];
  const ofTag = (tag: string): RouteKey[] => keys.filter((key) => routeSpec(key).tag === tag);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbar API</title><style>
:root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}body{margin:0 auto;max-width:860px;padding:24px}h1{font-size:20px}h2{font-size:16px;margin-top:32px;border-bottom:1px solid #8884;padding-bottom:4px}h3{font-size:13px;margin:20px 0 4px;font-weight:500}
code,pre{font:12.5px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:12px;background:#8881;border-radius:6px}nav{columns:2}nav a{display:block;font-size:13px}p{margin:4px 0}.quiet{opacity:.75;font-size:13px}summary{cursor:pointer;font-size:13px}
</style></head><body><h1>Sandbar API ${escape(version)}</h1>
<p>Sign in with the page's cookie, or send <code>Authorization: Bearer TOKEN</code> with a token made in Settings. Errors are <code>{"error":{"code","message","details"?}}</code>. A command with an <code>Idempotency-Key</code> header is done once however often it is sent. The machine-readable form is <a href="${API_BASE}/openapi.json">openapi.json</a>.</p>
<nav>${keys.map((key) => `<a href="#${escape(key)}"><code>${escape(key)}</code></a>`).join("")}</nav>
${tags.map((tag) => `<h2>${escape(tag)}</h2>${ofTag(tag).map(routeSection).join("")}`).join("")}
<h2>Events</h2><p>A stream sends <code>id</code>, <code>event</code> and the envelope as <code>data</code>. The first frame is <code>resume</code>; <code>keepalive</code> comes every 15 s. The shape of <code>data.data</code> by type:</p>
${Object.entries(eventData)
  .map(([type, schema]) => block(type, schema))
  .join("")}
</body></html>`;
}
