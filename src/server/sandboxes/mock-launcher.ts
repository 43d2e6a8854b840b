import { access, chmod, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SandboxLayout } from "./layout.ts";

/** Where sandbox-agent looks for the program it runs as agent `mock` (specs/sandbox-agent-acp.md, section 4). */
export function mockLauncherPath(layout: SandboxLayout): string {
  return path.join(layout.agent, "sandbox-agent", "bin", "agent_processes", "mock-acp");
}

/**
 * Puts Sandbar's mock agent where sandbox-agent expects its own. Resolves with false, leaving nothing behind, when
 * the bundle has not been built.
 */
export async function installMockLauncher(
  layout: SandboxLayout,
  mock: { nodePath: string; mockAgentPath: string },
): Promise<boolean> {
  try {
    await access(mock.mockAgentPath);
  } catch {
    return false;
  }
  const launcher = mockLauncherPath(layout);
  const script = `#!/bin/sh\nexec ${shellQuote(mock.nodePath)} ${shellQuote(mock.mockAgentPath)} "$@"\n`;
  await mkdir(path.dirname(launcher), { recursive: true, mode: 0o700 });
  await writeFile(`${launcher}.new`, script);
  await chmod(`${launcher}.new`, 0o755);
  await rename(`${launcher}.new`, launcher);
  return true;
}

/** A word that a POSIX shell takes literally, whatever it holds. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
