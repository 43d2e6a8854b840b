import { useMutation, useQuery } from "@tanstack/react-query";
import { Box } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { sandboxAgentsQuery, sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { createSessionMutation, sendMessageMutation } from "#src/web/api/queries/sessions.ts";
import { createResender } from "#src/web/api/resend.ts";
import { paths } from "#src/web/paths.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button, buttonClass } from "#src/web/ui/button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import { defaultAgent } from "./agent-choice.logic.ts";
import { AgentPicker } from "./agent-picker.tsx";
import { emptySetup, isSendable, setupBody } from "./session-setup.logic.ts";
import { SessionSetupFields } from "./session-setup.tsx";

type NewSessionDialogProps = {
  /** The sandbox to begin with: an id or a name. */
  sandbox: string | null;
  onClose: () => void;
};

/** Starts a session: where, with which agent, to do what, under what name. */
export function NewSessionDialog({ sandbox, onClose }: NewSessionDialogProps) {
  const sandboxes = useQuery(sandboxesQuery());
  const running = sandboxes.data?.filter((one) => sandboxCan.startSession(one));
  const [first] = running ?? [];
  const handleOpen = (open: boolean) => {
    if (!open) onClose();
  };
  if (running && first) {
    const wanted = running.find(({ id, name }) => id === sandbox || name === sandbox);
    return <Form running={running} initial={wanted ?? first} onOpenChange={handleOpen} />;
  }
  return (
    <Dialog open onOpenChange={handleOpen} title="New session">
      {sandboxes.isPending ? (
        <SkeletonRows label="Loading sandboxes" />
      ) : sandboxes.isError ? (
        <ErrorState
          title="Sandboxes could not be loaded"
          text={messageOf(sandboxes.error)}
          onRetry={() => void sandboxes.refetch()}
          retrying={sandboxes.isFetching}
        />
      ) : (
        <EmptyState
          icon={<Box size={20} />}
          title="No sandbox is running"
          text="A session runs in a sandbox. Make one, or start one that is stopped."
          actions={
            <>
              <Link to={paths.newSandbox()} className={buttonClass({ variant: "primary" })}>
                New sandbox
              </Link>
              <Link to={paths.sandboxes()} className={buttonClass()}>
                Show sandboxes
              </Link>
            </>
          }
        />
      )}
    </Dialog>
  );
}

type FormProps = { running: readonly Sandbox[]; initial: Sandbox; onOpenChange: (open: boolean) => void };

function Form({ running, initial, onOpenChange }: FormProps) {
  const id = useId();
  const navigate = useNavigate();
  const [sandbox_id, setSandboxId] = useState(initial.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [prompt, setPrompt] = useState("");
  const [title, setTitle] = useState("");
  const [setup, setSetup] = useState(emptySetup);
  const create = useMutation(createSessionMutation);
  const send = useMutation(sendMessageMutation);
  const [resender] = useState(() => createResender());
  const sandbox = running.find((one) => one.id === sandbox_id) ?? initial;
  const { data: agents } = useQuery(sandboxAgentsQuery(sandbox.id));
  const agent = chosen ?? (agents ? defaultAgent(agents, sandbox)?.id : sandbox.agent_provider);

  /** Another agent has other options. */
  const chooseAgent = (next: string) => {
    setChosen(next);
    setSetup((before) => ({ ...before, options: {} }));
  };
  const busy = create.isPending || send.isPending;
  const ready = Boolean(agent) && isSendable(setup) && !busy;
  /** A session that started stays when its first message did not arrive; the next try sends only that. */
  const submit = async () => {
    const wanted = { sandbox_id: sandbox.id, agent, title: title.trim() || undefined, ...setupBody(setup) };
    const session =
      create.data ?? (await resender.send(wanted, (key) => create.mutateAsync({ ...wanted, key })));
    if (prompt.trim() !== "") {
      const message = { session_id: session.id, message: prompt };
      await resender.send(message, (key) => send.mutateAsync({ ...message, key }));
    }
    await navigate(paths.session({ session_id: session.id }));
  };
  const started = create.data !== undefined;
  const form = useRef<HTMLFormElement>(null);

  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title="New session"
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button
            variant="primary"
            type="submit"
            form={id}
            busy={busy}
            disabled={!agent || !isSendable(setup)}
          >
            {started ? "Send again" : "Start session"}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id={id}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          // What failed stands in the form.
          if (ready) submit().catch(() => {});
        }}
      >
        {!started && (
          <>
            <Field label="Sandbox">
              <Select
                value={sandbox.id}
                onValueChange={(next) => {
                  setSandboxId(next);
                  setChosen(null);
                  setSetup(emptySetup);
                }}
                items={running.map((one) => ({
                  value: one.id,
                  label: one.name,
                  detail: one.repository && [one.repository, one.branch].filter(Boolean).join(" · "),
                }))}
              />
            </Field>
            <fieldset className="flex flex-col gap-1">
              <legend className="mb-1 font-medium">Agent</legend>
              <AgentPicker sandbox={sandbox} chosen={chosen} onChoose={chooseAgent} />
            </fieldset>
          </>
        )}
        <Field label="First message" optional>
          <Textarea
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just asked to tell an agent something
            autoFocus
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
              event.preventDefault();
              form.current?.requestSubmit();
            }}
            placeholder="What should the agent do?"
            rows={3}
          />
        </Field>
        {!started && (
          <>
            <Field label="Title" optional hint="Without one, the first message names the session.">
              <Input value={title} onChange={(event) => setTitle(event.target.value)} maxLength={200} />
            </Field>
            <SessionSetupFields sandbox={sandbox} agent={agent} setup={setup} onChange={setSetup} />
          </>
        )}
        {create.isError && (
          <Banner tone="error" title={failureTitle(create.error, "The session did not start.")}>
            {messageOf(create.error)}
          </Banner>
        )}
        {send.isError && (
          <Banner
            tone="error"
            title={failureTitle(send.error, "The session started, but its first message was not sent.")}
          >
            {messageOf(send.error)}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}
