import { type RefObject, useImperativeHandle, useState } from "react";
import type { Permission } from "#src/domain/request.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Kbd } from "#src/web/ui/kbd.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import {
  answerForKey,
  answersOf,
  type Bindings,
  dialogBindings,
  type PermissionAnswer,
} from "./permission.logic.ts";
import { readReason, writeReason } from "./request-drafts.ts";
import { PermissionDetails } from "./request-summary.tsx";
import { type AnswerListeners, useAnswer } from "./use-answer.ts";

/** What the frame around a request does with a key it got: true when it was an answer. */
export type KeyTarget = { handleKey: (key: string) => boolean };

/** What the panels of both kinds take. */
export type PanelProps = AnswerListeners & {
  armed: boolean;
  /** In the dock: less room, no keys. */
  compact?: boolean;
  keys?: RefObject<KeyTarget | null>;
  bindings?: Bindings;
};

/** A permission with its answers: what it is about, what each answer will do, the buttons. */
export function PermissionPanel({
  permission,
  armed,
  compact = false,
  keys,
  bindings = dialogBindings,
  ...listeners
}: PanelProps & { permission: Permission }) {
  const answers = answersOf(permission);
  const answer = useAnswer(permission, listeners);
  // In the dock there is no field: what was typed in the dialog goes only from there, where it is seen.
  const [message, setMessage] = useState(() => (compact ? "" : readReason(sessionStorage, permission.id)));
  const [choosingAlways, setChoosingAlways] = useState(false);
  const change = (next: string) => {
    setMessage(next);
    writeReason(sessionStorage, permission.id, next);
  };
  const give = (given: PermissionAnswer) => {
    if (armed && !answer.busy) answer.permission(given, message);
  };
  useImperativeHandle(keys, () => ({
    handleKey: (key) => {
      const given = answerForKey(answers, key, bindings);
      if (given) give(given);
      return given !== null;
    },
  }));
  // The buttons look the same before they act: a control that changes under the cursor is what the grace prevents.
  const button = { busy: answer.busy, "aria-disabled": armed ? undefined : true } as const;
  const once = answers.once;
  return (
    <>
      <div className={compact ? undefined : "min-h-0 flex-1 scroll-column px-4 pb-4"}>
        <PermissionDetails permission={permission} compact={compact} />
        {!compact && <Effects answers={[once, ...answers.reject]} />}
        {!compact && permission.message_supported && (
          <div className="mt-3">
            <Field
              label="Message to the agent"
              optional
              hint="Goes with a rejection: say what to do instead."
            >
              <Textarea rows={2} value={message} onChange={(event) => change(event.target.value)} />
            </Field>
          </div>
        )}
      </div>
      <footer
        className={
          compact
            ? "mt-2 flex flex-wrap gap-2"
            : "beside-scroll flex shrink-0 flex-wrap gap-2 border-t border-border px-4 py-3"
        }
      >
        {answers.reject.map((reject, index) => (
          <Button key={reject.label} {...button} title={reject.effect} onClick={() => give(reject)}>
            {visibleText(reject.label)} {!compact && index === 0 && <Kbd keys={bindings.reject} />}
          </Button>
        ))}
        <span className="flex-1" />
        {answers.always.length > 0 && (
          <Button
            {...button}
            aria-expanded={choosingAlways}
            onClick={() => armed && setChoosingAlways(!choosingAlways)}
          >
            Always allow…
          </Button>
        )}
        {once && (
          <Button variant="primary" {...button} title={once.effect} onClick={() => give(once)}>
            {once.label} {!compact && <Kbd keys={bindings.once} onAccent />}
          </Button>
        )}
        {choosingAlways && (
          <ul className="flex w-full flex-col gap-1.5 border-t border-border pt-2">
            {answers.always.map((always) => (
              <li key={always.option_id} className="flex flex-wrap items-center justify-between gap-2">
                <span className="min-w-0 flex-1 basis-60 text-muted">{visibleText(always.effect)}</span>
                <Button {...button} onClick={() => give(always)}>
                  Always allow
                </Button>
              </li>
            ))}
          </ul>
        )}
      </footer>
    </>
  );
}

function Effects({ answers }: { answers: readonly (PermissionAnswer | null)[] }) {
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
      {answers.map(
        (answer) =>
          answer && (
            <div key={answer.label} className="contents">
              <dt className="text-muted">{visibleText(answer.label)}</dt>
              <dd className="text-faint">{visibleText(answer.effect)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
