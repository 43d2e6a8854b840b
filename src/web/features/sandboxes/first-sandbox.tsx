import { useMutation } from "@tanstack/react-query";
import { Box, Cable } from "lucide-react";
import { Link } from "react-router";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { createSandboxMutation } from "#src/web/api/queries/sandboxes.ts";
import { paths } from "#src/web/paths.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button, buttonClass } from "#src/web/ui/button.tsx";

type FirstSandboxProps = {
  /** The backend of this machine, when there is one. */
  local_id: string | null;
  onCreated: (sandbox_id: string) => void;
  /** Opens the form with every choice. */
  onChoose: () => void;
};

/** Where people start: one click makes a sandbox here, beside connecting one that runs elsewhere. */
export function FirstSandbox({ local_id, onCreated, onChoose }: FirstSandboxProps) {
  const create = useMutation(createSandboxMutation);
  const start = () =>
    create.mutate(
      { backend_id: local_id ?? undefined, source: { type: "empty" } },
      { onSuccess: ({ id }) => onCreated(id) },
    );
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-3 pt-[8vh]">
      <h2 className="text-lg font-semibold">Start here</h2>
      <div className="grid gap-3 sm:grid-cols-[3fr_2fr]">
        {local_id !== null && (
          <section className={cardClass}>
            <Box size={20} aria-hidden className="text-accent" />
            <h3 className="text-base font-semibold">A sandbox on this machine</h3>
            <p className="flex-1 text-muted">
              A new folder and a process that runs agents in it. It is not isolation: an agent there can do
              what your own account can. The demo agent works at once, with no keys and no network.
            </p>
            <div className="mt-1 flex flex-wrap gap-2">
              <Button variant="primary" onClick={start} busy={create.isPending}>
                Start a sandbox on this machine
              </Button>
              <Button onClick={onChoose}>Choose a repository or folder…</Button>
            </div>
          </section>
        )}
        <section className={cardClass}>
          <Cable size={20} aria-hidden className="text-accent" />
          <h3 className="text-base font-semibold">Sandboxes that run elsewhere</h3>
          <p className="flex-1 text-muted">
            Connect a Sandbox Agent server, Amika or a Sessions API with its address and a token.
          </p>
          <div className="mt-1 flex flex-wrap gap-2">
            <Link to={paths.newBackend()} className={buttonClass()}>
              Connect a backend
            </Link>
          </div>
        </section>
      </div>
      {create.isError && (
        <Banner tone="error" title={failureTitle(create.error, "The sandbox was not made.")}>
          {messageOf(create.error)}
        </Banner>
      )}
    </div>
  );
}

const cardClass = "flex flex-col items-start gap-2 rounded-card border border-border bg-raised p-4";
