import { describe, expect, test } from "vitest";
import { clientName } from "./client-name.ts";
import { isKnownHost, isLoopback } from "./host.ts";
import { isOwnOrigin, type OriginFacts } from "./origin.ts";

describe("isKnownHost", () => {
  const own = { bound: "127.0.0.1", allowed: ["bar.example", "[2001:db8::1]"] };
  test.each<[string | undefined, boolean]>([
    ["localhost", true],
    ["LOCALHOST:4270", true],
    ["127.0.0.1:4270", true],
    ["127.8.8.8", true],
    ["[::1]:4270", true],
    ["bar.example", true],
    ["Bar.Example:443", true],
    ["[2001:db8::1]:80", true],
    [undefined, false],
    ["", false],
    ["evil.example", false],
    ["evil.example:4270", false],
    ["localhost.evil.example", false],
    ["127.0.0.1.evil.example", false],
    ["bar.example.evil.example", false],
    ["evilbar.example", false],
    ["192.168.1.5", false],
    ["localhost@evil.example", false],
    ["evil.example/localhost", false],
    ["evil.example#localhost", false],
    ["local host", false],
    [":4270", false],
  ])("on loopback, %j: %s", (header, known) => {
    expect(isKnownHost(header, own)).toBe(known);
  });

  test.each<[string, string, boolean]>([
    ["0.0.0.0", "192.168.1.5:4270", true],
    ["::", "[2001:db8::2]", true],
    ["0.0.0.0", "evil.example", false],
    ["192.168.1.5", "192.168.1.5", true],
    ["box.lan", "box.lan:4270", true],
    ["box.lan", "evil.example", false],
  ])("on %s, %j: %s", (bound, header, known) => {
    expect(isKnownHost(header, { bound, allowed: [] })).toBe(known);
  });
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.255.0.1", true],
  ["::1", true],
  ["[::1]", true],
  ["0.0.0.0", false],
  ["::", false],
  ["127.evil.example", false],
  ["10.0.0.1", false],
])("isLoopback(%j) is %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe("isOwnOrigin", () => {
  const facts: OriginFacts = {
    method: "POST",
    is_stream: false,
    has_token: false,
    host: "localhost:4270",
    origin: undefined,
    sec_fetch_site: undefined,
  };
  test.each<[Partial<OriginFacts>, boolean]>([
    [{}, false],
    [{ has_token: true, origin: "http://evil.example", sec_fetch_site: "cross-site" }, true],
    [{ method: "GET" }, true],
    [{ method: "GET", sec_fetch_site: "cross-site" }, true],
    [{ method: "HEAD" }, true],
    [{ method: "GET", is_stream: true }, false],
    [{ method: "GET", is_stream: true, sec_fetch_site: "same-origin" }, true],
    [{ method: "GET", is_stream: true, sec_fetch_site: "same-site" }, false],
    [{ sec_fetch_site: "same-origin" }, true],
    [{ sec_fetch_site: "none" }, true],
    [{ sec_fetch_site: "same-site" }, false],
    [{ sec_fetch_site: "cross-site", origin: "http://localhost:4270" }, false],
    [{ origin: "http://localhost:4270" }, true],
    [{ origin: "https://localhost:4270" }, true],
    [{ origin: "http://localhost:4270", host: "LOCALHOST:4270" }, true],
    [{ origin: "http://localhost:3000" }, false],
    [{ origin: "http://localhost" }, false],
    [{ origin: "null" }, false],
    [{ origin: "" }, false],
    [{ origin: "http://localhost:4270", host: undefined }, false],
    [{ method: "DELETE", origin: "http://evil.example" }, false],
    [{ method: "PUT" }, false],
    [{ method: "PATCH" }, false],
  ])("%j: %s", (given, own) => {
    expect(isOwnOrigin({ ...facts, ...given })).toBe(own);
  });
});

test.each<[string | undefined, string | null]>([
  [undefined, null],
  ["", null],
  ["curl/8.5.0", "curl"],
  ["python-requests/2.31", "python-requests"],
  ["<script>", null],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "Chrome on Linux",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
    "Edge on Windows",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
    "Safari on macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
    "Safari on iOS",
  ],
  ["Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Firefox on Android"],
])("the client of %j is %j", (user_agent, name) => {
  expect(clientName(user_agent)).toBe(name);
});
