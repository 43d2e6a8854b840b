import { expect, test } from "vitest";
import { shortRepository } from "./repository.logic.ts";

test.each([
  ["https://github.com/acme/web.git", "acme/web"],
  ["https://github.com/acme/web/", "acme/web"],
  ["ssh://git@example.com:2222/acme/web.git", "acme/web"],
  ["git@github.com:acme/web.git", "acme/web"],
  ["file:///srv/repos/web", "srv/repos/web"],
  ["acme/web", "acme/web"],
  ["https://example.com", "https://example.com"],
])("shortRepository(%s) is %s", (address, short) => {
  expect(shortRepository(address)).toBe(short);
});
