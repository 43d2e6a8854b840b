import { expect, test } from "vitest";
import { ApiError } from "#src/web/api/api-error.ts";
import { serverErrors } from "./create-errors.logic.ts";
import { emptyCreateForm } from "./create-form.logic.ts";

const form = { ...emptyCreateForm, env: [{ name: "A", value: "1" }] };

test("a name that is taken is said at the name", () => {
  expect(serverErrors(new ApiError(409, "sandbox_already_exists", "Taken."), form)).toEqual({
    fields: [{ field: "name", message: "Taken." }],
    rest: null,
  });
});

test("each issue goes to its field, what has none stays above", () => {
  const issues = [
    { path: "source.url", message: "required" },
    { path: "env_vars.A", message: "too long" },
    { path: "git_repos[0].url", message: "odd" },
  ];
  expect(serverErrors(new ApiError(400, "validation_failed", "Wrong.", { issues }), form)).toEqual({
    fields: [
      { field: "url", message: "required" },
      { field: "env.0.name", message: "too long" },
    ],
    rest: "git_repos.0.url: odd",
  });
});

test("any other error is said above the form", () => {
  expect(serverErrors(new ApiError(502, "backend_unreachable", "No answer."), form)).toEqual({
    fields: [],
    rest: "No answer.",
  });
});
