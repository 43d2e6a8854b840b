/**
 * Where a key was pressed: on the card of the open request, on a control inside of it, in the rest of the inbox or
 * nowhere in particular, on a control of the rest of the page, or where letters are somebody else's.
 */
export type Place = "card" | "control" | "inbox" | "page" | "elsewhere";

export type TriageCommand =
  | { kind: "step"; by: 1 | -1 }
  /** Moves to the open request. */
  | { kind: "open" }
  /** For the request itself: Y, N, a digit, or Enter on its card. */
  | { kind: "answer"; key: string }
  /** Such a key, still held down: it answers once, and means nothing else either. */
  | { kind: "held" };

type Keys = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "repeat">;

/** What a key means in the inbox; null for nothing. */
export function commandFor(event: Keys, place: Place): TriageCommand | null {
  if (event.metaKey || event.ctrlKey || event.altKey || place === "elsewhere") return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  switch (key) {
    case "j":
      return { kind: "step", by: 1 };
    case "k":
      return { kind: "step", by: -1 };
    // In the card the arrows scroll and choose.
    case "ArrowDown":
      return place === "inbox" ? { kind: "step", by: 1 } : null;
    case "ArrowUp":
      return place === "inbox" ? { kind: "step", by: -1 } : null;
    case "Enter":
      if (place === "inbox") return { kind: "open" };
      return place === "card" ? { kind: "answer", key } : null;
    default:
      if (!/^[yn1-9]$/.test(key)) return null;
      return event.repeat ? { kind: "held" } : { kind: "answer", key };
  }
}
