import type { Asked, Reply } from "./script.ts";

/** One frame of an answer's stream. */
export type Frame = { event?: string; data: unknown };

/** One provider's HTTP interface to a model. */
export type Wire = {
  /** The path its requests are POSTed to. */
  path: string;
  /** What a request's body asks. */
  ask(body: unknown): Asked;
  /** The answer as a stream of frames. */
  frames(reply: Reply, asked: Asked): Iterable<Frame>;
};

/** A text in the pieces a model would stream it in: words with the space before them. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

let counter = 0;
/** An id that no other answer of this run has. */
export function freshId(prefix: string): string {
  counter += 1;
  return `${prefix}_${process.pid.toString(36)}${counter}`;
}
