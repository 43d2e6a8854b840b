import { expect, it } from "vitest";
import { asCurl, type Exchange } from "./curl.logic.ts";

const exchange = (change: Partial<Exchange>): Exchange => ({
  at: "",
  method: "GET",
  url: "http://127.0.0.1:1/x",
  body: null,
  status: 200,
  duration_ms: 1,
  error: null,
  ...change,
});

it("writes a GET", () => {
  expect(asCurl(exchange({}))).toBe(
    `curl 'http://127.0.0.1:1/x' \\\n  -H "Authorization: Bearer $SANDBAR_TOKEN"`,
  );
});

it("quotes what a shell would read", () => {
  const curl = asCurl(exchange({ method: "POST", url: "http://h/?a='b", body: { text: "it's $HOME" } }));
  expect(curl).toContain(`curl -X POST 'http://h/?a='\\''b'`);
  expect(curl).toContain(`--data '{"text":"it'\\''s $HOME"}'`);
});
