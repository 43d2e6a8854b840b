import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { fieldErrors } from "./field-errors.ts";

test.each<[string, unknown, ReturnType<typeof fieldErrors>]>([
  ["dotted paths", [{ path: "source.url", message: "required" }], [{ path: ["source", "url"], message: "required" }]],
  ["paths in steps", [{ path: ["labels", 0], message: "bad" }], [{ path: ["labels", 0], message: "bad" }]],
  ["what is no field error is passed over", [null, "x", { path: 3, message: "?" }, { message: "?" }], []],
  ["no details", undefined, []],
])("%s", (_name, details, expected) => {
  expect(fieldErrors(new ApiError(400, "invalid_request", "Wrong.", details))).toEqual(expected);
});

test("only a 400 names fields", () => {
  const details = [{ path: "name", message: "taken" }];
  expect(fieldErrors(new ApiError(409, "sandbox_already_exists", "Taken.", details))).toEqual([]);
  expect(fieldErrors(new Error("no"))).toEqual([]);
});
