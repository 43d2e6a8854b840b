import { useMutation } from "@tanstack/react-query";
import { ArrowUp, Paperclip, Square } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import type { AgentCommand, SessionOption } from "#src/domain/agent.ts";
import type { Capabilities } from "#src/domain/backend.ts";
import type { QueuedMessage } from "#src/domain/session.ts";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { sendMessageMutation } from "#src/web/api/queries/sessions.ts";
import { createResender } from "#src/web/api/resend.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { AttachmentChips } from "./attachment-chips.tsx";
import { LONG_PASTE, toContent } from "./attachments.logic.ts";
import { OptionPickers } from "./option-pickers.tsx";
import { QueueList } from "./queue-list.tsx";
import { applyChoice, triggerAt } from "./trigger.logic.ts";
import { type Choice, optionId, TriggerMenu, useChoices } from "./trigger-menu.tsx";
import { useAttachments } from "./use-attachments.ts";
import { useComposerText } from "./use-composer-text.ts";

export type ComposerHandle = {
  /** Puts a text into the field and the caret behind it. */
  put: (text: string) => void;
  focus: () => void;
};

type ComposerProps = {
  session_id: string;
  sandbox_id: string;
  agent: string;
  capabilities: Capabilities | undefined;
  options: readonly SessionOption[];
  commands: readonly AgentCommand[];
  queue: readonly QueuedMessage[];
  /** What was sent in this session before, oldest first. */
  prompts: readonly string[];
  busy: boolean;
  /** Stops the running turn; null when it cannot be stopped. */
  onStop: (() => void) | null;
  stopping: boolean;
  onSent: () => void;
  /** Why nothing can be sent, with what changes it; stands in place of the field. */
  blocked: ReactNode;
  ref?: Ref<ComposerHandle>;
};

const noLimits: Pick<Capabilities["sessions"], "attachments" | "max_attachment_bytes"> = {
  attachments: [],
  max_attachment_bytes: 0,
};

/** Where a person writes to the agent. */
export function Composer(props: ComposerProps) {
  const { session_id, sandbox_id, agent, capabilities, options, commands, queue, prompts } = props;
  const { busy, onStop, stopping, onSent, blocked, ref } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const menuId = useId();
  const { text, caret, setCaret, type, put, clear, step, restore, forget } = useComposerText(
    session_id,
    field,
  );
  const limits = capabilities?.sessions ?? noLimits;
  const files = useAttachments(session_id, limits);
  const [problem, setProblem] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const send = useMutation(sendMessageMutation);
  const [resender] = useState(() => createResender());

  const isEmpty = text.trim() === "" && files.attachments.length === 0;
  const trigger = triggerAt(text, caret);
  const triggerName = trigger && `${trigger.kind}:${trigger.start}`;
  const choices = useChoices(trigger, commands, sandbox_id, capabilities?.sandboxes.files ?? false);
  const menuOpen = trigger !== null && choices.length > 0 && dismissed !== triggerName && !blocked;
  const activeChoice = Math.min(active, choices.length - 1);

  useImperativeHandle(ref, () => ({
    put: (next) => {
      put(text.trim() === "" ? next : `${text}\n${next}`);
      field.current?.focus();
    },
    focus: () => field.current?.focus(),
  }));

  const submit = () => {
    const content = toContent(text, files.attachments);
    if (content.length === 0 || blocked) return;
    const sent = { text, attachments: files.attachments };
    setProblem(null);
    clear();
    files.clear();
    onSent();
    // A promise and not callbacks of `mutate`, which are not called when the person has gone to another session.
    const message = { session_id, role: "user" as const, content };
    const sending = resender.send(message, (key) => send.mutateAsync({ ...message, key }));
    sending.then(
      () => forget(sent.text),
      (error: unknown) => {
        restore(sent.text);
        files.restore(sent.attachments);
        setProblem(whyNotSent(error));
      },
    );
  };

  const pickChoice = (choice: Choice) => {
    if (!trigger) return;
    const applied = applyChoice(text, trigger, choice.value);
    put(applied.text, applied.caret);
    setActive(0);
  };

  /** Keys of the open menu; true when the key was one of them. */
  const handleMenuKey = (key: string): boolean => {
    const choice = choices[activeChoice];
    if (key === "ArrowDown") setActive((activeChoice + 1) % choices.length);
    else if (key === "ArrowUp") setActive((activeChoice + choices.length - 1) % choices.length);
    else if (key === "Escape") setDismissed(triggerName);
    else if ((key === "Enter" || key === "Tab") && choice) pickChoice(choice);
    else return false;
    return true;
  };

  const handleKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, its keys are its own; 229 is how older ones say so.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const plain = !event.shiftKey && !event.metaKey && !event.ctrlKey && !event.altKey;
    if (!plain) return;
    const handled =
      (menuOpen && handleMenuKey(event.key)) ||
      (event.key === "ArrowUp" && step(prompts, "back")) ||
      (event.key === "ArrowDown" && step(prompts, "forward"));
    if (!handled && event.key === "Enter") submit();
    else if (!handled) return;
    event.preventDefault();
  };

  const addPaste = (pasted: string) =>
    void files.add([new File([pasted], "pasted-text.txt", { type: "text/plain" })], pasted);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- files dropped anywhere on it count
    <form
      aria-label="Message"
      className="relative rounded-card border border-control/60 bg-bg transition-colors focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (event.dataTransfer.files.length > 0) void files.add([...event.dataTransfer.files]);
      }}
    >
      {menuOpen && (
        <TriggerMenu
          id={menuId}
          label={trigger.kind === "command" ? "Commands" : "Files"}
          choices={choices}
          active={activeChoice}
          onPick={pickChoice}
        />
      )}
      <QueueList
        session_id={session_id}
        queue={queue}
        onEdit={(taken) => put(text ? `${taken}\n${text}` : taken)}
      />
      <AttachmentChips
        attachments={files.attachments}
        onRemove={files.remove}
        onInline={(attachment) => {
          files.remove(attachment.id);
          put(text + (attachment.text ?? ""));
        }}
      />
      {[...(problem ? [problem] : []), ...files.problems].map((words) => (
        <p key={words} role="alert" className="px-3 pt-2 text-xs text-failed">
          {words}
        </p>
      ))}
      {blocked ?? (
        <textarea
          ref={field}
          value={text}
          rows={1}
          aria-label={`Message ${agent}`}
          placeholder={busy ? `Queue a message for ${visibleText(agent)}` : `Message ${visibleText(agent)}`}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a text field of several lines with a menu of its own
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={menuOpen}
          aria-controls={menuOpen ? menuId : undefined}
          aria-activedescendant={menuOpen ? optionId(menuId, activeChoice) : undefined}
          className="block max-h-[40dvh] min-h-10 w-full resize-none field-sizing-content bg-transparent px-3 pt-2.5 pb-1 text-base outline-none pointer-coarse:text-lg"
          onChange={(event) => {
            type(event.target.value, event.target.selectionStart);
            setDismissed(null);
            resender.forget();
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={handleKeyDown}
          onPaste={(event) => {
            const pastedFiles = [...event.clipboardData.files];
            const pasted = event.clipboardData.getData("text/plain");
            if (pastedFiles.length > 0 && pasted === "") void files.add(pastedFiles);
            else if (pasted.length > LONG_PASTE && limits.attachments.includes("file")) addPaste(pasted);
            else return;
            event.preventDefault();
          }}
        />
      )}
      <div className="flex items-center gap-1 p-1.5">
        {limits.attachments.length > 0 && !blocked && (
          <>
            <IconButton
              size="sm"
              label="Attach files"
              icon={<Paperclip size={14} />}
              onClick={() => fileInput.current?.click()}
            />
            <input
              ref={fileInput}
              type="file"
              multiple
              hidden
              accept={limits.attachments.includes("file") ? undefined : "image/*"}
              onChange={(event) => {
                void files.add([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </>
        )}
        <div className="min-w-0 flex-1" />
        {capabilities?.sessions.options !== false && (
          <OptionPickers session_id={session_id} options={options} disabled={blocked !== null} />
        )}
        {onStop && isEmpty ? (
          <IconButton
            label={stopping ? "Stopping…" : "Stop the turn"}
            icon={<Square size={14} />}
            disabled={stopping}
            onClick={onStop}
            className="border border-control/60"
          />
        ) : (
          !blocked && (
            <IconButton
              type="submit"
              label={busy ? "Queue message" : "Send message"}
              keys="Enter"
              icon={<ArrowUp size={16} />}
              disabled={isEmpty}
              className="bg-accent text-on-accent hover:bg-accent-hover hover:text-on-accent"
            />
          )
        )}
      </div>
    </form>
  );
}

function whyNotSent(error: unknown): string {
  return isApiError(error, "network")
    ? "Perhaps not sent: no answer came from Sandbar's server. Send it again when it answers; it arrives only once."
    : `Not sent. ${messageOf(error)}`;
}
