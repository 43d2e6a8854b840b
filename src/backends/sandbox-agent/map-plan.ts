import * as z from "zod";
import type { PlanEntry } from "#src/domain/event.ts";
import { type WirePlanEntry, WirePlanEntry as Entry } from "./wire.ts";

export function planFromWire(entries: readonly WirePlanEntry[]): PlanEntry[] {
  return entries.map(({ content, priority, status }) => ({
    content,
    priority: priority === "high" || priority === "low" ? priority : "medium",
    status: status === "completed" || status === "in_progress" ? status : "pending",
  }));
}

const Todos = z.looseObject({ todos: z.array(Entry) });
const Metadata = z.looseObject({ metadata: Todos });

/** The to-do list that a tool wrote: OpenCode's `todowrite` returns it, Claude's `TodoWrite` is given it. Else null. */
export function planOfTool(name: string, input: unknown, output: unknown): PlanEntry[] | null {
  if (!/^todo_?write$/i.test(name)) return null;
  const written = Metadata.safeParse(output);
  if (written.success) return planFromWire(written.data.metadata.todos);
  const given = Todos.safeParse(input);
  return given.success && output === undefined ? planFromWire(given.data.todos) : null;
}
