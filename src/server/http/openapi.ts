import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { ErrorBody } from "#src/domain/error.ts";
import { eventData } from "#src/domain/event.ts";
import { API_BASE, type RouteKey, routes, routeSpec } from "#src/contract/routes.ts";

/** The OpenAPI 3.1 document of the whole API, made from the contract; event payloads stand under `components`. */
export function openApiDocument(version: string): unknown {
  const paths: ZodOpenApiPathsObject = {};
  for (const key of Object.keys(routes) as RouteKey[]) {
    const spec = routeSpec(key);
    const [method = "", path = ""] = key.split(" ");
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const responses: Record<string, object> = {};
    for (const [status, schema] of Object.entries(spec.responses)) {
      const media = spec.media ?? "application/json";
      responses[status] = {
        description: status === "204" ? "Done" : spec.summary,
        ...(schema
          ? { content: { [media]: { schema } } }
          : spec.media
            ? { content: { [media]: { schema: { type: "string" } } } }
            : {}),
      };
    }
    responses.default = {
      description: spec.errors ? `An error; beside the common codes: ${spec.errors.join(", ")}` : "An error",
      content: { "application/json": { schema: ErrorBody } },
    };
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: key
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, "_")
          .replace(/_$/, ""),
        summary: spec.summary,
        tags: [spec.tag],
        parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
        ...(spec.query ? { requestParams: { query: spec.query } } : {}),
        ...(spec.body
          ? {
              requestBody: {
                required: !spec.bodyOptional,
                content: { "application/json": { schema: spec.body } },
              },
            }
          : {}),
        responses,
      },
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Sandbar",
      version,
      description:
        "Sandboxes, sessions, requests and secrets of every connected backend. A superset of the Sessions API.",
    },
    servers: [{ url: API_BASE }],
    security: [{ bearer: [] }, { cookie: [] }],
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "sandbar" },
      },
      schemas: Object.fromEntries(
        Object.entries(eventData).map(([type, schema]) => [`event_${type}`, schema]),
      ),
    },
    paths,
  });
}
