import { Buffer } from "node:buffer";
import * as z from "zod";
import { ApiError } from "../errors.ts";

/** One page of a list that is sorted by newest activity. */
export type Page<T> = { items: T[]; next_cursor: string | null; total: number };

export type PageQuery = { limit: number; cursor?: string };

/** The place after one item of a list: its sort key. */
export type Place = { last_activity_at: string; id: string };

const Place = z.object({ last_activity_at: z.string(), id: z.string() });

/** Opaque to clients, so the sort key can change. */
export function encodePlace({ last_activity_at, id }: Place): string {
  return Buffer.from(JSON.stringify({ last_activity_at, id })).toString("base64url");
}

/** Throws 400 `validation_failed` for what `encodePlace` did not make. */
export function decodePlace(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw new ApiError(400, "validation_failed", "cursor: not one of this list; leave it out to start anew.");
  }
}

/** The page of items that were read with one row more than asked for. */
export function toPage<T extends Place>(items: readonly T[], limit: number, total: number): Page<T> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, next_cursor: last && items.length > limit ? encodePlace(last) : null, total };
}

/** `%text%` with the text's own wildcards escaped by a backslash. */
export function containsPattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
