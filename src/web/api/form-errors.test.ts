import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { formErrors, sameName } from "./form-errors.ts";

const fieldOf = sameName("name", "value");

test("a refusal about one field is said there", () => {
  const error = new ApiError(409, "secret_already_exists", "Taken.");
  expect(formErrors(error, fieldOf, { secret_already_exists: "name" })).toEqual([
    { field: "name", message: "Taken." },
  ]);
});

test("each issue goes to its field, what has none stays above", () => {
  const issues = [
    { path: "value", message: "too long" },
    { path: "scope.kind", message: "odd" },
  ];
  expect(formErrors(new ApiError(400, "validation_failed", "Wrong.", { issues }), fieldOf)).toEqual([
    { field: "value", message: "Too long" },
    { field: "root", message: "scope.kind: Odd" },
  ]);
});

test("any other error is said above the form", () => {
  const error = new ApiError(502, "backend_unreachable", "No answer.");
  expect(formErrors(error, fieldOf)).toEqual([{ field: "root", message: "No answer." }]);
});
