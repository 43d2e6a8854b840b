import { expect, test } from "vitest";
import * as z from "zod";
import { BackendError, type BackendErrorCode } from "#src/backends/backend-error.ts";
import { routes } from "#src/contract/routes.ts";
import { ErrorBody } from "#src/domain/error.ts";
import { ApiError, toErrorResponse } from "./errors.ts";
import { StoreError } from "./store/store-error.ts";

const respond = (error: unknown) => toErrorResponse(error, "req-1");

test("an ApiError keeps its status, code, message, details and headers", () => {
  const error = new ApiError(
    409,
    "already_resolved",
    "Ann answered it.",
    { by: "Ann" },
    { "retry-after": "3" },
  );
  expect(respond(error)).toEqual({
    status: 409,
    body: { error: { code: "already_resolved", message: "Ann answered it.", details: { by: "Ann" } } },
    headers: { "retry-after": "3" },
    expected: true,
  });
});

test.each<[BackendErrorCode, number, string]>([
  ["unreachable", 502, "backend_unreachable"],
  ["unauthorized", 502, "backend_unauthorized"],
  ["not_found", 404, "not_found"],
  ["unsupported", 501, "unsupported"],
  ["already_resolved", 409, "already_resolved"],
  ["timeout", 504, "timeout"],
  ["too_large", 413, "too_large"],
])("a backend's %s is a %i %s", (code, status, name) => {
  const response = respond(new BackendError(code, "why"));
  expect(response).toMatchObject({ status, expected: true, body: { error: { code: name, message: "why" } } });
});

test("an unknown error shows its request id and nothing else", () => {
  const response = respond(new TypeError("reading /root/secret failed"));
  expect(response).toMatchObject({ status: 500, expected: false });
  expect(response.body.error).toMatchObject({ code: "internal_error", details: { request_id: "req-1" } });
  expect(JSON.stringify(response)).not.toContain("/root/secret");
});

test.each([
  ["full", 507, "store_full"],
  ["unwritable", 503, "store_unwritable"],
] as const)("a store that is %s is a %i", (code, status, name) => {
  expect(respond(new StoreError(code, "Free some space."))).toMatchObject({
    status,
    expected: false,
    body: { error: { code: name, message: "Free some space." } },
  });
});

const shape = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  list: z.array(z.number()),
});

test.each<[string, z.ZodType, unknown, string]>([
  ["a field", shape, { name: 1, labels: {}, list: [] }, "name"],
  ["a nested key", shape, { name: "", labels: { "a b": 1 }, list: [] }, 'labels["a b"]'],
  ["an item", shape, { name: "", labels: {}, list: [1, "x"] }, "list[1]"],
  [
    "the nearest alternative of a union",
    routes["POST /sessions/{session_id}/messages"].body,
    { role: "user", content: [{ type: "text", text: 5 }] },
    "content[0].text",
  ],
])("a wrong body names %s", (_name, schema, value, path) => {
  const { error } = schema.safeParse(value);
  const response = respond(error);
  expect(response).toMatchObject({ status: 400, expected: true });
  expect(response.body.error).toMatchObject({ code: "validation_failed", details: { issues: [{ path }] } });
  expect(response.body.error.message).toMatch(`${path}: `);
});

test("every answer has the contract's shape", () => {
  for (const error of [new ApiError(404, "x", "y"), null, "text", new Error("z")]) {
    expect(ErrorBody.safeParse(respond(error).body).success).toBe(true);
  }
});
