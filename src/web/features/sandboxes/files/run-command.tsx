import { useMutation } from "@tanstack/react-query";
import { Play, Square } from "lucide-react";
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { runCommandMutation } from "#src/web/api/queries/files.ts";
import { randomName } from "#src/web/api/random-name.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { type CommandRun, CommandRunView } from "./command-run.tsx";

/** As long as the API lets a command run. */
const MOST_SECONDS = 600;
const RUNS_KEPT = 10;

type RunCommandProps = {
  sandbox: Sandbox;
  /** Where it runs unless another folder is written. */
  folder: string;
  /** Why its backend runs none; null when it does. */
  why: string | null;
};

/** One command at a time, run to its end by a shell; what the last ones printed stays while the tab is open. */
export function RunCommand({ sandbox, folder, why }: RunCommandProps) {
  const [line, setLine] = useState("");
  const [place, setPlace] = useState<string | null>(null);
  const [runs, setRuns] = useState<readonly CommandRun[]>([]);
  const { mutateAsync, isPending } = useMutation(runCommandMutation);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const running = sandboxCan.startSession(sandbox);
  const where = place ?? folder;

  async function run(): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    const command = { line, folder: where };
    const outcome = await mutateAsync({
      sandbox_id: sandbox.id,
      command: ["sh", "-c", line],
      workdir: where === "" ? undefined : where,
      timeout_secs: MOST_SECONDS,
      signal: controller.signal,
    }).then(
      (result): CommandRun => ({ ...command, id: randomName(), result }),
      (error: unknown): CommandRun => ({
        ...command,
        id: randomName(),
        failure: controller.signal.aborted ? "It was stopped." : messageOf(error),
      }),
    );
    setRuns((before) => [outcome, ...before].slice(0, RUNS_KEPT));
  }

  const handleSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (line.trim() !== "" && running && !isPending) void run();
  };

  return (
    <section aria-labelledby="run-command" className="flex flex-col gap-3">
      <h2 id="run-command" className="font-semibold">
        Run a command
      </h2>
      {why !== null || !running ? (
        <p className="text-muted">{why ?? "Start the sandbox to run commands in it."}</p>
      ) : (
        <form onSubmit={handleSubmit} className="flex flex-wrap items-end gap-2">
          <div className="min-w-0 flex-[3] basis-60">
            <Field label="Command">
              <Input
                value={line}
                onChange={(event) => setLine(event.target.value)}
                placeholder="git status"
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                mono
              />
            </Field>
          </div>
          <div className="min-w-0 flex-1 basis-40">
            <Field label="In folder">
              <Input
                value={where}
                onChange={(event) => setPlace(event.target.value)}
                placeholder="the sandbox's own"
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                mono
              />
            </Field>
          </div>
          {isPending ? (
            <Button icon={<Square size={14} aria-hidden />} onClick={() => stop.current?.abort()}>
              Stop
            </Button>
          ) : (
            <Button
              type="submit"
              variant="primary"
              icon={<Play size={14} aria-hidden />}
              disabled={line.trim() === ""}
            >
              Run
            </Button>
          )}
        </form>
      )}
      <div role="log" aria-label="Commands that ran" aria-busy={isPending} className="flex flex-col gap-4">
        {runs.map((done) => (
          <CommandRunView key={done.id} run={done} />
        ))}
      </div>
    </section>
  );
}
