import { describe, expect, it } from "vitest";
import css from "./app.css?raw";

type Oklch = { l: number; c: number; h: number };
type Scheme = "light" | "dark";

const colour = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)[^)]*\)/g;

function tokens(): Map<string, Record<Scheme, Oklch>> {
  const found = new Map<string, Record<Scheme, Oklch>>();
  for (const [, name, value] of css.matchAll(/^ {2}--([a-z-]+): light-dark\((.*)\);$/gm)) {
    const [light, dark] = [...value!.matchAll(colour)].map(([, l, c, h]) => ({
      l: Number(l),
      c: Number(c),
      h: Number(h),
    }));
    found.set(name!, { light: light!, dark: dark! });
  }
  return found;
}

/** WCAG relative luminance of an OKLCH colour, clipped to sRGB (https://bottosson.github.io/posts/oklab/). */
function luminance({ l, c, h }: Oklch): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Oklch, other: Oklch): number {
  const [low, high] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const grounds = ["bg", "surface", "raised", "hover", "selected"];
const words = ["text", "muted", "faint", "accent", "permission", "question", "working", "failed", "stopped"];
const pairs: [fore: string, back: string, least: number][] = [
  ...words.flatMap((fore) => grounds.map((back): [string, string, number] => [fore, back, 4.5])),
  ...["permission", "question", "working", "failed", "accent", "added", "removed"].flatMap(
    (tone): [string, string, number][] => [
      [tone, `${tone}-soft`, 4.5],
      ["text", `${tone}-soft`, 4.5],
      ["muted", `${tone}-soft`, 4.5],
    ],
  ),
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-hover", 4.5],
  ["on-danger", "danger", 4.5],
  ["on-danger", "danger-hover", 4.5],
  ...["bg", "surface", "raised"].flatMap((back): [string, string, number][] => [
    ["control", back, 3],
    ["danger", back, 3],
    ["offline", back, 3],
  ]),
];

describe("colour tokens", () => {
  const all = tokens();

  for (const scheme of ["light", "dark"] as const) {
    it.each(pairs)(`${scheme}: %s on %s is at least %s : 1`, (fore, back, least) => {
      expect(contrast(all.get(fore)![scheme], all.get(back)![scheme])).toBeGreaterThanOrEqual(least);
    });
  }

  it("leaves no raw palette: only tokens become colour classes", () => {
    expect(css).toContain("--color-*: initial");
    const named = [...css.matchAll(/^ {2}--color-[a-z-]+: var\(--([a-z-]+)\);$/gm)].map(([, name]) => name!);
    expect(named.filter((name) => !all.has(name))).toEqual([]);
  });
});
