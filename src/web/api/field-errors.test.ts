import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { fieldErrors } from "./field-errors.ts";

const refused = (details: unknown) => new ApiError(400, "validation_failed", "It does not fit.", details);

test.each([
  ["name", ["name"]],
  ["source.url", ["source", "url"]],
  ["git_repos[0].url", ["git_repos", "0", "url"]],
  ['env_vars["a b"]', ["env_vars", "a b"]],
  [String.raw`env_vars["say \"a.b\""]`, ["env_vars", 'say "a.b"']],
  ["", []],
])("the path %j", (path, steps) => {
  expect(fieldErrors(refused({ issues: [{ path, message: "no" }] }))).toEqual([
    { path: steps, message: "No" },
  ]);
});

test.each([
  ["no details", undefined],
  ["other details", { request_id: "r1" }],
  ["issues of another shape", { issues: [null, "x", { message: "?" }] }],
])("%s name no field", (_name, details) => {
  expect(fieldErrors(refused(details))).toEqual([]);
});

test("only a 400 names fields", () => {
  const details = { issues: [{ path: "name", message: "taken" }] };
  expect(fieldErrors(new ApiError(409, "sandbox_already_exists", "Taken.", details))).toEqual([]);
  expect(fieldErrors(new Error("no"))).toEqual([]);
});
