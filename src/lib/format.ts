const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/**
 * How long before `now` (ms since the epoch) something was: `4 s ago`, `12 min ago`, `3 h ago`, `3 days ago`, then the
 * date; `short` leaves out "ago". What lies ahead reads `in 4 min`, but for a few seconds `now`: the clocks of two machines
 * differ. An unreadable time is given back as it is.
 */
export function formatRelative(at: string, now: number, { short = false }: { short?: boolean } = {}): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  const distance = Math.abs(now - time);
  if (distance < SECOND || (time > now && distance < 10 * SECOND)) return "now";
  if (distance >= 30 * DAY) return formatDate(at);
  const words = distanceWords(distance);
  if (time > now) return `in ${words}`;
  return short ? words : `${words} ago`;
}

function distanceWords(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  const days = Math.floor(ms / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}

const date = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const count = new Intl.NumberFormat("en");

/** `12 Mar 2026` in the reader's time zone. */
export function formatDate(at: string): string {
  return formatWith(date, at);
}

/** The exact time, for a hover: `12 Mar 2026, 10:02:31`. */
export function formatExact(at: string): string {
  return formatWith(exact, at);
}

/** `10:02` in the reader's time zone. */
export function formatClock(at: string): string {
  return formatWith(clock, at);
}

function formatWith(format: Intl.DateTimeFormat, at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : format.format(time);
}

/** Milliseconds as `7 ms`, `38.1 s`, `1m 04s`, `2h 05m`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "0 ms";
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${twoDigits(Math.floor((seconds % 3600) / 60))}m`;
}

/** A running time that must not flicker: whole seconds, `4s`, `1m 04s`, `2h 05m`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * SECOND);
}

/** An amount of money: `$0.42`; less than a cent shows as `<$0.01`. Other currencies keep their code: `0.42 EUR`. */
export function formatCost(amount: number, currency = "USD"): string {
  const tiny = amount > 0 && amount < 0.005;
  const value = tiny ? "0.01" : count.format(Number(amount.toFixed(2)));
  const whole = value.includes(".") ? value.padEnd(value.indexOf(".") + 3, "0") : `${value}.00`;
  return `${tiny ? "<" : ""}${currency === "USD" ? `$${whole}` : `${whole} ${currency}`}`;
}

/** `1,204`. */
export function formatCount(value: number): string {
  return count.format(value);
}

/** `1 session`, `3 sessions`; `many` for words that do not just take an s. */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Bytes in powers of 1,000: `812 B`, `4.1 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
