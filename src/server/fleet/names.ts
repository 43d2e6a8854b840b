const adjectives = [
  "amber",
  "brisk",
  "calm",
  "clear",
  "coral",
  "dune",
  "ebb",
  "fair",
  "gentle",
  "keen",
  "low",
  "mild",
  "north",
  "quiet",
  "salt",
  "sandy",
  "silver",
  "slow",
  "still",
  "warm",
];
const nouns = [
  "bay",
  "beach",
  "buoy",
  "cove",
  "delta",
  "drift",
  "gull",
  "harbor",
  "inlet",
  "kelp",
  "lagoon",
  "pier",
  "reef",
  "ripple",
  "shoal",
  "spit",
  "strand",
  "surf",
  "tide",
  "wharf",
];

/** A name for a sandbox that nobody named: `quiet-reef-3f`. `random` gives numbers in [0, 1). */
export function inventName(random: () => number): string {
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? "sand";
  const suffix = Math.floor(random() * 0x100)
    .toString(16)
    .padStart(2, "0");
  return `${pick(adjectives)}-${pick(nouns)}-${suffix}`;
}
