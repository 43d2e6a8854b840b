import * as z from "zod";

type Shape = z.ZodType | undefined;

/** One route of the API: what it takes and what it gives. The server validates both with it. */
export type RouteSpec = {
  summary: string;
  /** Heading in the docs, one per resource. */
  tag: string;
  query?: z.ZodObject;
  body?: Shape;
  /** Whether a body may be left out altogether. */
  bodyOptional?: boolean;
  /** Status → body. `null` is an empty body; several statuses are alternatives. */
  responses: Readonly<Record<number, Shape | null>>;
  /** What the response is when it is not JSON. */
  media?: string;
  /** Error codes a caller should expect beside the common ones. */
  errors?: readonly string[];
};

/** Declares routes with their keys' and schemas' types kept. A key is `METHOD /path/{param}`. */
export function defineRoutes<const R extends Record<`${Method} /${string}`, RouteSpec>>(routes: R): R {
  return routes;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The names in braces of a route key: `GET /sandboxes/{id}` → `id`. */
export type ParamsOf<K extends string> = K extends `${string}{${infer Name}}${infer Rest}`
  ? { [P in Name]: string } & ParamsOf<Rest>
  : unknown;

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable(), total: z.number().int() });
}

/** A query value that is `1`/`true` or `0`/`false`. */
export const Flag = z
  .enum(["0", "1", "true", "false"])
  .transform((value) => value === "1" || value === "true");

/** A whole number in a query. */
export const Count = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "a whole number")
    .transform(Number)
    .pipe(z.number().int().min(1).max(max));

export const Cursor = z.string().regex(/^\d{1,19}$/, "a cursor is a decimal number");
