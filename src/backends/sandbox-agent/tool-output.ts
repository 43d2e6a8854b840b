import * as z from "zod";

/** What a tool gave back, as far as the agents' different habits tell. */
export type ToolOutput = { text: string | null; exit_code: number | null };

/** Shell results as Claude (`toolResponse`), Codex and OpenCode (`rawOutput`) write them. */
const Result = z.looseObject({
  // Claude
  stdout: z.string().nullish(),
  stderr: z.string().nullish(),
  file: z.looseObject({ content: z.string() }).nullish(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish(),
  // Codex
  aggregated_output: z.string().nullish(),
  formatted_output: z.string().nullish(),
  exit_code: z.number().nullish(),
  // OpenCode
  output: z.string().nullish(),
  error: z.string().nullish(),
  exitCode: z.number().nullish(),
  metadata: z.looseObject({ exit: z.number().nullish() }).nullish(),
});
type Result = z.infer<typeof Result>;

/** Reads a tool's structured or plain result; both null when it holds neither text nor an exit code. */
export function readOutput(raw: unknown): ToolOutput {
  if (typeof raw === "string") return readPlain(raw);
  const parsed = Result.safeParse(raw);
  if (!parsed.success) return { text: null, exit_code: null };
  const result = parsed.data;
  return {
    text: textOf(result),
    exit_code: result.exit_code ?? result.exitCode ?? result.metadata?.exit ?? null,
  };
}

function textOf(result: Result): string | null {
  const streams = [result.stdout, result.stderr].filter(Boolean).join("\n");
  const known = result.aggregated_output ?? result.formatted_output ?? result.output ?? result.file?.content;
  const content =
    typeof result.content === "string"
      ? result.content
      : result.content?.map(({ text }) => text ?? "").join("");
  return known ?? (streams !== "" ? streams : null) ?? content ?? result.error ?? result.stdout ?? null;
}

const CODEX_REPLAY = /^Chunk ID: [\s\S]*?\nProcess exited with code (-?\d+)\n[\s\S]*?\nOutput:\n/;

/** Codex stores commands as a report with the output at its end, and replays them so. */
function readPlain(raw: string): ToolOutput {
  const report = CODEX_REPLAY.exec(raw);
  return report
    ? { text: raw.slice(report[0].length), exit_code: Number(report[1]) }
    : { text: raw, exit_code: null };
}

/** Claude wraps output for display in a fence; the fence is not part of it. */
export function withoutFence(text: string): string {
  return /^```[\w-]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}

const CLAUDE_EXIT = /^Exit code (\d+)(?:\n|$)/;

/** Claude writes the exit code of a command that failed as the first line of its output. */
export function readClaudeFailure(text: string): ToolOutput {
  const first = CLAUDE_EXIT.exec(text);
  return first
    ? { text: text.slice(first[0].length), exit_code: Number(first[1]) }
    : { text, exit_code: null };
}
