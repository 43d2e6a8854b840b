import { expect, it } from "vitest";
import { safeLink } from "./links.ts";

it.each([
  ["https://example.org/a?b#c", { href: "https://example.org/a?b#c", host: "example.org" }],
  ["http://localhost:3000", { href: "http://localhost:3000/", host: "localhost:3000" }],
  ["mailto:a@example.org", { href: "mailto:a@example.org", host: "a@example.org" }],
  [
    "https://good.example@evil.example/",
    { href: "https://good.example@evil.example/", host: "evil.example" },
  ],
  ["https://аpple.com", { href: "https://xn--pple-43d.com/", host: "xn--pple-43d.com" }],
  ["javascript:alert(1)", null],
  [" JaVaScRiPt:alert(1)", null],
  ["java\nscript:alert(1)", null],
  ["data:text/html,x", null],
  ["vbscript:x", null],
  ["file:///etc/passwd", null],
  ["//evil.example", null],
  ["/relative", null],
  ["#anchor", null],
  ["http://", null],
  ["", null],
])("%j", (href, link) => expect(safeLink(href)).toEqual(link));
