import type { Capabilities } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";

export type BulkAction = "stop" | "delete";
export type BulkResult = { sandbox: Sandbox; error: string | null };

/** The selected sandboxes an action applies to now; the rest is left alone and counted. */
export function eligible(
  action: BulkAction,
  selected: readonly Sandbox[],
  capabilities: (backend_id: string) => Capabilities | undefined,
): readonly Sandbox[] {
  return selected.filter((sandbox) => sandboxCan[action](sandbox, capabilities(sandbox.backend_id)));
}

/** Runs an action on one sandbox after the other and reports each outcome; one failure does not stop the rest. */
export async function runBulk(
  sandboxes: readonly Sandbox[],
  run: (sandbox: Sandbox) => Promise<unknown>,
  describe: (error: unknown) => string,
): Promise<readonly BulkResult[]> {
  const results: BulkResult[] = [];
  for (const sandbox of sandboxes) {
    try {
      await run(sandbox);
      results.push({ sandbox, error: null });
    } catch (error) {
      results.push({ sandbox, error: describe(error) });
    }
  }
  return results;
}
