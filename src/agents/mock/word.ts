import type { Prompt } from "./prompt.ts";
import type { Turn } from "./turn.ts";

/** What the agent does on a word. It ends the turn by returning; an error it throws fails the turn. */
export type Script = (turn: Turn, prompt: Prompt) => Promise<void>;

/** A first word the agent knows, with its synonyms; `usage` and `purpose` are what `help` shows. */
export type Word = { names: readonly [string, ...string[]]; usage: string; purpose: string; script: Script };
