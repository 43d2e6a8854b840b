import { useEffect, useImperativeHandle, useState } from "react";
import type { Question, UserInput } from "#src/domain/request.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Kbd } from "#src/web/ui/kbd.tsx";
import { readAnswers, writeAnswers } from "./request-drafts.ts";
import { dialogBindings } from "./permission.logic.ts";
import type { PanelProps } from "./permission-panel.tsx";
import {
  type Answers,
  choiceForKey,
  firstProblem,
  pick,
  pickOther,
  problemOf,
  toWire,
} from "./question.logic.ts";
import { QuestionField } from "./question-field.tsx";
import { useAnswer } from "./use-answer.ts";

/** After a single choice the next question comes by itself, late enough to see what was chosen. */
const ADVANCE_MS = 200;

/** The questions of a request, one a page; what is filled in outlives the dialog. */
export function QuestionPanel({
  request,
  armed,
  compact = false,
  keys,
  bindings = dialogBindings,
  ...listeners
}: PanelProps & { request: UserInput }) {
  const { questions } = request;
  const [answers, setAnswers] = useState<Answers>(() => readAnswers(sessionStorage, request.id));
  const [page, setPage] = useState(0);
  const [advancing, setAdvancing] = useState(false);
  const [tried, setTried] = useState(false);
  const answer = useAnswer(request, listeners);
  const question = questions[page];
  const isLast = page >= questions.length - 1;

  const change = (next: Answers) => {
    setAnswers(next);
    writeAnswers(sessionStorage, request.id, next);
  };
  const goTo = (next: number) => {
    setPage(next);
    setTried(false);
  };

  useEffect(() => {
    if (!advancing) return;
    const timer = setTimeout(() => {
      setAdvancing(false);
      setPage((before) => Math.min(before + 1, questions.length - 1));
    }, ADVANCE_MS);
    return () => clearTimeout(timer);
  }, [advancing, questions.length]);

  const choose = (asked: Question, label: string) => {
    change(pick(answers, asked, label));
    if (asked.kind !== "multiple" && !isLast) setAdvancing(true);
  };
  const decline = () => {
    if (armed && !answer.busy) answer.rejectQuestion();
  };
  const submit = () => {
    if (!armed || answer.busy || !question) return;
    if (problemOf(answers, question) !== null) return setTried(true);
    if (!isLast) return goTo(page + 1);
    const missing = firstProblem(answers, questions);
    if (missing < 0) return answer.question(toWire(answers, questions));
    goTo(missing);
    setTried(true);
  };

  useImperativeHandle(keys, () => ({
    handleKey: (key) => {
      if (!question) return false;
      if (key === "Enter") submit();
      if (key === bindings.decline) decline();
      const choice = choiceForKey(question, key);
      if (choice === "other") change(pickOther(answers, question));
      else if (choice) choose(question, choice.label);
      return key === "Enter" || key === bindings.decline || choice !== null;
    },
  }));

  if (!question) return null;
  const button = { busy: answer.busy, "aria-disabled": armed ? undefined : true } as const;
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={compact ? undefined : "min-h-0 flex-1 scroll-column px-4 pb-4"}>
        {questions.length > 1 && (
          <p className="mb-1 text-xs text-faint">
            Question {page + 1} of {questions.length}
          </p>
        )}
        <QuestionField
          key={question.id}
          question={question}
          answers={answers}
          problem={tried ? problemOf(answers, question) : null}
          onChoose={(label) => choose(question, label)}
          onChange={change}
        />
      </div>
      <footer
        className={
          compact
            ? "mt-2 flex flex-wrap gap-2"
            : "beside-scroll flex shrink-0 flex-wrap gap-2 border-t border-border px-4 py-3"
        }
      >
        <Button {...button} onClick={decline}>
          Decline to answer {!compact && bindings.decline && <Kbd keys={bindings.decline} />}
        </Button>
        <span className="flex-1" />
        {page > 0 && <Button onClick={() => goTo(page - 1)}>Back</Button>}
        <Button type="submit" variant="primary" {...button}>
          {isLast ? "Send answer" : "Next"} {!compact && <Kbd keys="Enter" onAccent />}
        </Button>
      </footer>
    </form>
  );
}
