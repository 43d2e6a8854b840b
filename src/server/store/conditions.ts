import { type RawBuilder, type SqlBool, sql } from "kysely";
import { containsPattern, type Place } from "./page.ts";

/** Items after a place, newest activity first. */
export function isAfter(
  table: "sandboxes" | "sessions",
  { last_activity_at, id }: Place,
): RawBuilder<SqlBool> {
  const [activity, key] = [sql.ref(`${table}.last_activity_at`), sql.ref(`${table}.id`)];
  return sql`(${activity}, ${key}) < (${last_activity_at}, ${id})`;
}

/** Text that occurs in a column, upper and lower case alike. */
export function contains(column: string, text: string): RawBuilder<SqlBool> {
  return sql`${sql.ref(column)} like ${containsPattern(text)} escape '\\'`;
}

/** A key of a JSON column, with a value when one is given. */
export function hasEntry(column: string, key: string, value: string | null): RawBuilder<SqlBool> {
  const wanted = value === null ? sql`` : sql` and cast(entry.value as text) = ${value}`;
  return sql`exists (select 1 from json_each(${sql.ref(column)}) as entry where entry.key = ${key}${wanted})`;
}
