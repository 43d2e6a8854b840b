import { ToolFailure } from "../errors.ts";
import { requirePermission } from "../permission.ts";
import { numberArgument, takeArgument } from "../prompt.ts";
import type { Exit } from "../shell.ts";
import { textContent, type ToolRun, type Turn } from "../turn.ts";
import type { Script, Word } from "../word.ts";

/** Characters of output a call shows; of more, the last. Each update carries them all, as ACP replaces content. */
const SHOWN_CHARACTERS = 65_536;
/** The least time between two updates of a call that prints. */
const OUTPUT_PACE_MS = 33;

const run: Script = (turn, { rest }) => runCommand(turn, rest);

/** The `run` tool: asks, runs the command in the session's folder and streams what it prints. */
export function runCommand(turn: Turn, command: string): Promise<void> {
  const { root } = turn.session.workspace;
  const call = {
    title: command || "run",
    name: "run",
    kind: "execute" as const,
    rawInput: { command, cwd: root },
  };
  return turn.useTool(call, async (tool) => {
    if (!command) throw new ToolFailure("Something is missing: `run CMD`");
    await requirePermission(turn, "execute", tool);
    const exit = await streamOutput(turn, tool, command);
    await tool.update({ status: exit.exitCode === 0 ? "completed" : "failed", rawOutput: exit });
    return exit.signal
      ? `\`${command}\` was killed by ${exit.signal}.`
      : `\`${command}\` ended with exit code ${exit.exitCode}.`;
  });
}

async function streamOutput(turn: Turn, tool: ToolRun, command: string): Promise<Exit> {
  const { workspace, host } = turn.session;
  let shown = "";
  return host.shell.run(command, workspace.root, turn.signal, async (text) => {
    shown = (shown + text).slice(-SHOWN_CHARACTERS);
    await tool.update({ content: textContent(shown) });
    await turn.pause(OUTPUT_PACE_MS);
  });
}

const sleep: Script = async (turn, { rest }) => {
  const seconds = numberArgument(takeArgument(rest).argument, 1, 86_400);
  const call = await turn.startTool({
    title: `Sleep ${seconds} s`,
    name: "sleep",
    kind: "other",
    rawInput: { seconds },
  });
  await call.update({ status: "in_progress" });
  await turn.pause(seconds * 1000);
  await call.complete();
  await turn.say(`Slept ${seconds} s.`);
};

export const runWords: Word[] = [
  { names: ["run"], usage: "run CMD", purpose: "runs a shell command, after a permission", script: run },
  { names: ["sleep"], usage: "sleep S", purpose: "waits S seconds", script: sleep },
];
