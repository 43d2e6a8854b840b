import { expect, it } from "vitest";
import { refusal, toContent } from "./attachments.logic.ts";

const both = { attachments: ["image" as const, "file" as const], max_attachment_bytes: 1000 };
const images = { attachments: ["image" as const], max_attachment_bytes: 1000 };
const none = { attachments: [], max_attachment_bytes: 0 };
const file = (name: string, type: string, size = 10) => ({ name, type, size });

it.each([
  [file("a.png", "image/png"), both, null],
  [file("a.pdf", "application/pdf"), both, null],
  [file("a.pdf", "application/pdf"), images, "a.pdf: this agent takes images only."],
  [file("a.png", "image/png"), none, "This agent takes no attachments."],
  [file("a.png", "image/png", 1001), images, "a.png has 1.0 kB; the limit is 1.0 kB."],
])("%#", (candidate, limits, problem) => expect(refusal(candidate, limits)).toBe(problem));

it("sends the text first and leaves an empty one out", () => {
  const image = {
    id: 1,
    kind: "image" as const,
    name: "a",
    media_type: "image/png",
    data: "eA==",
    bytes: 1,
    text: null,
  };
  expect(toContent("hi", [image]).map((block) => block.type)).toEqual(["text", "image"]);
  expect(toContent("  ", [{ ...image, kind: "file" }])).toEqual([
    { type: "file", name: "a", media_type: "image/png", data: "eA==" },
  ]);
});
