import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import type { HighlightJob, HighlightResult, HighlightedLine } from "./highlight.ts";
import { grammars } from "./grammars.ts";

/** Runs in a worker: text and language in, lines of coloured pieces out. A language is loaded when first asked for. */
const theme = createCssVariablesTheme({ name: "sandbar", variablePrefix: "--code-" });
const colour = /^var\(--code-token-([\w-]+)\)$/;

let highlighter: Promise<HighlighterCore> | null = null;

async function highlight({ language, text }: HighlightJob): Promise<HighlightedLine[]> {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const core = await highlighter;
  await core.loadLanguage(grammars[language]());
  const lines = core.codeToTokensBase(text, { lang: language, theme: "sandbar" });
  return lines.map((line) =>
    line.map((token) => [token.content, colour.exec(token.color ?? "")?.[1] ?? null]),
  );
}

addEventListener("message", (event: MessageEvent<HighlightJob>) => {
  const { id } = event.data;
  const reply = (result: HighlightResult): void => postMessage(result);
  highlight(event.data).then(
    (lines) => reply({ id, lines }),
    (error: unknown) => reply({ id, lines: [], error: String(error) }),
  );
});
