/** A page of a list, as `?page=1` gives it. */
export type ListPage<T> = { items: T[]; next_cursor: string | null; total: number };

/** A list route's answer as a page, whichever of its two forms came. */
export function toPage<T>(answer: T[] | ListPage<T>): ListPage<T> {
  return Array.isArray(answer) ? { items: answer, next_cursor: null, total: answer.length } : answer;
}
