import { useEffect, useState } from "react";
import { type Language, languageName } from "./languages.ts";

/** A piece of a line and what it is to the language (`keyword`, `string`…); null for plain text. */
export type HighlightedLine = [text: string, kind: string | null][];
export type HighlightJob = { id: number; language: Language; text: string };
export type HighlightResult = { id: number; lines: HighlightedLine[]; error?: string };

/** Longer texts stay plain: colouring them costs more than it tells. */
const MAX_CHARS = 60_000;
const CACHE_SIZE = 300;

const cache = new Map<string, readonly HighlightedLine[]>();
const waiting = new Map<number, (lines: HighlightedLine[]) => void>();
let worker: Worker | null = null;
let lastId = 0;

const cacheKey = (language: string, text: string): string => `${language}\n${text}`;

/** The coloured lines of a code, when they are there; null until then, for unknown languages and for very long texts. */
export function useHighlight(
  languageWord: string,
  text: string,
  enabled: boolean,
): readonly HighlightedLine[] | null {
  const language = enabled && text.length <= MAX_CHARS ? languageName(languageWord) : null;
  const key = language === null ? null : cacheKey(language, text);
  const [done, setDone] = useState<{ key: string; lines: readonly HighlightedLine[] } | null>(null);
  const cached = key === null ? null : (cache.get(key) ?? null);

  useEffect(() => {
    if (language === null || key === null || cache.has(key)) return;
    let wanted = true;
    void request(language, text).then((lines) => {
      if (lines.length > 0) remember(key, lines);
      if (wanted && lines.length > 0) setDone({ key, lines });
    });
    return () => {
      wanted = false;
    };
  }, [language, key, text]);

  return cached ?? (done !== null && done.key === key ? done.lines : null);
}

function request(language: Language, text: string): Promise<HighlightedLine[]> {
  worker ??= startWorker();
  lastId += 1;
  const job: HighlightJob = { id: lastId, language, text };
  return new Promise((resolve) => {
    waiting.set(job.id, resolve);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker?.postMessage(job);
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL("./highlight-worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", (event: MessageEvent<HighlightResult>) => settle(event.data));
  // Without the worker code stays plain; that is its state before colouring anyway.
  started.addEventListener("error", () => {
    for (const id of waiting.keys()) settle({ id, lines: [] });
  });
  return started;
}

function settle({ id, lines }: HighlightResult): void {
  waiting.get(id)?.(lines);
  waiting.delete(id);
}

function remember(key: string, lines: readonly HighlightedLine[]): void {
  cache.set(key, lines);
  if (cache.size <= CACHE_SIZE) return;
  const oldest = cache.keys().next().value;
  if (oldest !== undefined) cache.delete(oldest);
}
