import { expect, it } from "vitest";
import { decodeEntities } from "./entities.ts";

it.each([
  ["a &amp;&lt;b&gt; c", "a &<b> c"],
  ["&#39;&#x2192;", "'→"],
  ["&nosuch; & alone &;", "&nosuch; & alone &;"],
  ["&#0;&#xD800;&#9999999;", "\ufffd\ufffd\ufffd"],
  ["&constructor;", "&constructor;"],
])("%j", (text, shown) => expect(decodeEntities(text)).toBe(shown));
