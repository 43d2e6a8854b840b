/** How near the end, in pixels, still counts as being at it. */
export const NEAR_END = 100;

/** Whether the view sticks to the end, and how many rows came since it let go. */
export type Follow = { readonly following: boolean; readonly unseen: number };

export type FollowEvent =
  /** The reader pulled upwards: wheel, touch or a key. */
  | { type: "pulled_up" }
  /** The reader scrolled, by wheel, touch, key or the bar. */
  | { type: "scrolled"; distance_to_end: number; direction: "up" | "down" }
  /** Rows were added at the end. */
  | { type: "grew"; rows: number }
  /** "Jump to latest", or an own message was sent. */
  | { type: "attached" };

export const attached: Follow = { following: true, unseen: 0 };

/** The next state; the same reference when nothing changed. */
export function follow(state: Follow, event: FollowEvent): Follow {
  switch (event.type) {
    case "pulled_up":
      return state.following ? { following: false, unseen: 0 } : state;
    case "scrolled":
      if (event.direction === "up") return state.following ? { following: false, unseen: 0 } : state;
      if (event.distance_to_end > NEAR_END || isAttached(state)) return state;
      return attached;
    case "grew":
      if (state.following || event.rows <= 0) return state;
      return { following: false, unseen: state.unseen + event.rows };
    case "attached":
      return isAttached(state) ? state : attached;
    default:
      return event satisfies never;
  }
}

/** Where a key scrolls when the transcript has focus; null when it does not. `End` asks for the end itself. */
export function scrollKey(key: string, shift: boolean): "up" | "down" | null {
  if (key === "ArrowUp" || key === "PageUp" || key === "Home" || (key === " " && shift)) return "up";
  if (key === "ArrowDown" || key === "PageDown" || key === " ") return "down";
  return null;
}

function isAttached(state: Follow): boolean {
  return state.following && state.unseen === 0;
}
