import type { Sandbox, SandboxState } from "#src/domain/sandbox.ts";

/** What the sandboxes page shows. It lives in the URL, so a filtered list can be linked and survives reload. */
export type SandboxFilter = {
  q: string;
  states: readonly SandboxState[];
  backends: readonly string[];
  /** `key=value`, or a bare `key` for any value. */
  labels: readonly string[];
  sort: SandboxSort;
};

const sortKeys = ["name", "state", "needs", "sessions", "activity"] as const;
export type SandboxSortKey = (typeof sortKeys)[number];
export type SandboxSort = { key: SandboxSortKey; direction: "ascending" | "descending" };

/** Newest activity first, as the server lists them. */
export const defaultSort: SandboxSort = { key: "activity", direction: "descending" };

/** The names a filter uses in a query string. */
export const filterParams: ReadonlySet<string> = new Set(["q", "state", "backend", "label", "sort"]);

/** Reads the filter from a query string; words it does not know are left out. */
export function readFilter(params: URLSearchParams): SandboxFilter {
  return {
    q: params.get("q") ?? "",
    states: all(params, "state").filter(isState),
    backends: all(params, "backend"),
    labels: all(params, "label"),
    sort: readSort(params.get("sort")),
  };
}

/** The filter as a query string, with everything that is at its default left out. */
export function writeFilter(filter: SandboxFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.q) params.set("q", filter.q);
  for (const state of filter.states) params.append("state", state);
  for (const backend of filter.backends) params.append("backend", backend);
  for (const label of filter.labels) params.append("label", label);
  const { key, direction } = filter.sort;
  if (key !== defaultSort.key || direction !== defaultSort.direction) {
    params.set("sort", direction === "descending" ? `-${key}` : key);
  }
  return params;
}

/** The same filter with nothing narrowed; the order stays. */
export function clearFilter(filter: SandboxFilter): SandboxFilter {
  return { q: "", states: [], backends: [], labels: [], sort: filter.sort };
}

export function isNarrowed(filter: SandboxFilter): boolean {
  return Boolean(filter.q) || filter.states.length + filter.backends.length + filter.labels.length > 0;
}

/** One narrowing as a removable chip; `without` is the filter once it is removed. */
export type FilterChip = { key: string; field: string; value: string; without: SandboxFilter };

/** The chips of a filter, except the search text, which shows in its own field. */
export function filterChips(
  filter: SandboxFilter,
  backendNames: ReadonlyMap<string, string>,
): readonly FilterChip[] {
  const chip = (
    field: string,
    value: string,
    without: Partial<SandboxFilter>,
    shown = value,
  ): FilterChip => ({
    key: `${field}:${value}`,
    field,
    value: shown,
    without: { ...filter, ...without },
  });
  return [
    ...filter.states.map((state) => chip("State", state, { states: drop(filter.states, state) })),
    ...filter.backends.map((id) =>
      chip("Backend", id, { backends: drop(filter.backends, id) }, backendNames.get(id) ?? id),
    ),
    ...filter.labels.map((label) => chip("Label", label, { labels: drop(filter.labels, label) })),
  ];
}

/** The list without the item if it holds it, else with it. */
export function toggle<T>(items: readonly T[], item: T): readonly T[] {
  return items.includes(item) ? drop(items, item) : [...items, item];
}

/** The sandboxes a filter lets through, in its order. Values of one field are alternatives; labels must all hold. */
export function applyFilter(sandboxes: readonly Sandbox[], filter: SandboxFilter): readonly Sandbox[] {
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  return sandboxes
    .filter((sandbox) => filter.states.length === 0 || filter.states.includes(sandbox.state))
    .filter((sandbox) => filter.backends.length === 0 || filter.backends.includes(sandbox.backend_id))
    .filter((sandbox) => filter.labels.every((label) => hasLabel(sandbox, label)))
    .filter((sandbox) => words.every((word) => searchText(sandbox).includes(word)))
    .toSorted(comparator(filter.sort));
}

/** Clicking a column's heading: its natural direction first, then the other. */
export function nextSort(sort: SandboxSort, key: SandboxSortKey): SandboxSort {
  if (sort.key !== key) return { key, direction: firstDirection[key] };
  return { key, direction: sort.direction === "ascending" ? "descending" : "ascending" };
}

/** Every `key=value` in use, most used first; what the label menu offers. */
export function labelsInUse(sandboxes: readonly Sandbox[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const sandbox of sandboxes) {
    for (const [key, value] of Object.entries(sandbox.labels)) {
      const label = formatLabel(key, value);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return [...counts].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([label]) => label);
}

export function formatLabel(key: string, value: string): string {
  return value === "" ? key : `${key}=${value}`;
}

/** How many sandboxes are in each state, in the states' own order: `3 running · 1 stopped`. */
export function stateCounts(
  sandboxes: readonly Sandbox[],
): readonly { state: SandboxState; count: number }[] {
  return sandboxStates
    .map((state) => ({ state, count: sandboxes.filter((sandbox) => sandbox.state === state).length }))
    .filter(({ count }) => count > 0);
}

/** Where a state stands in lists: what runs first, what is gone last. A record, so a new state cannot be forgotten. */
const stateRank: Readonly<Record<SandboxState, number>> = {
  running: 0,
  creating: 1,
  pending: 2,
  pausing: 3,
  paused: 4,
  stopping: 5,
  stopped: 6,
  failed: 7,
  terminated: 8,
};

/** Every state, in that order. */
export const sandboxStates: readonly SandboxState[] = Object.keys(stateRank)
  .filter(isState)
  .toSorted((a, b) => stateRank[a] - stateRank[b]);

const firstDirection: Readonly<Record<SandboxSortKey, SandboxSort["direction"]>> = {
  name: "ascending",
  state: "ascending",
  needs: "descending",
  sessions: "descending",
  activity: "descending",
};

function comparator({ key, direction }: SandboxSort): (a: Sandbox, b: Sandbox) => number {
  const sign = direction === "ascending" ? 1 : -1;
  const compare = comparators[key];
  return (a, b) => sign * compare(a, b) || comparators.name(a, b);
}

const comparators: Readonly<Record<SandboxSortKey, (a: Sandbox, b: Sandbox) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  state: (a, b) => stateRank[a.state] - stateRank[b.state],
  needs: (a, b) => needs(a) - needs(b),
  sessions: (a, b) => a.session_count - b.session_count,
  activity: (a, b) => Date.parse(a.last_activity_at) - Date.parse(b.last_activity_at),
};

/** A permission blocks harder than a question, so it weighs more. */
function needs(sandbox: Sandbox): number {
  return sandbox.pending_permissions * 1000 + sandbox.pending_questions;
}

function searchText(sandbox: Sandbox): string {
  const labels = Object.entries(sandbox.labels).map(([key, value]) => formatLabel(key, value));
  return [sandbox.name, sandbox.id, sandbox.repository, sandbox.branch, ...labels].join("\n").toLowerCase();
}

function hasLabel(sandbox: Sandbox, label: string): boolean {
  const at = label.indexOf("=");
  if (at < 0) return Object.hasOwn(sandbox.labels, label);
  return sandbox.labels[label.slice(0, at)] === label.slice(at + 1);
}

function readSort(text: string | null): SandboxSort {
  const key = sortKeys.find((candidate) => candidate === text?.replace(/^-/, ""));
  if (!text || !key) return defaultSort;
  return { key, direction: text.startsWith("-") ? "descending" : "ascending" };
}

function all(params: URLSearchParams, name: string): string[] {
  return [...new Set(params.getAll(name).filter(Boolean))];
}

function isState(word: string): word is SandboxState {
  return Object.hasOwn(stateRank, word);
}

function drop<T>(items: readonly T[], item: T): readonly T[] {
  return items.filter((other) => other !== item);
}
