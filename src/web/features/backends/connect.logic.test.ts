import { expect, test } from "vitest";
import { addressAdvice, kindLabel, nameFor } from "./connect.logic.ts";

const page = new URL("http://127.0.0.1:4270/backends");

test.each([
  ["", null],
  ["https://sandboxes.example.com", null],
  ["http://127.0.0.1:2468", null],
  ["http://192.168.1.4:2468/", null],
  ["http://localhost:9090", null],
  ["example.com:80", /http:\/\/ or https:\/\//],
  ["sandboxes", /whole address/],
  ["ftp://example.com", /http:\/\/ or https:\/\//],
  ["https://me:secret@example.com", /own field/],
  ["http://127.0.0.1:4270/", /own address/],
  ["http://169.254.169.254/latest", /metadata/],
  ["http://example.com", /use https/],
])("addressAdvice(%j)", (text, advice) => {
  if (advice === null) expect(addressAdvice(text, page)).toBeNull();
  else expect(addressAdvice(text, page)).toMatch(advice);
});

test("names", () => {
  expect(nameFor("https://www.example.com:8443/api")).toBe("example.com:8443");
  expect(nameFor("nonsense")).toBe("");
  expect(kindLabel("local")).toBe("Local");
  expect(kindLabel("amika")).toBe("Amika");
});
