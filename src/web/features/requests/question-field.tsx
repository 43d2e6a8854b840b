import { useId } from "react";
import type { Question } from "#src/domain/request.ts";
import { Checkbox } from "#src/web/ui/checkbox.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { Input } from "#src/web/ui/input.tsx";
import { Kbd } from "#src/web/ui/kbd.tsx";
import { RadioGroup } from "#src/web/ui/radio-group.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import { answerOf, type Answers, choicesOf, pickOther, type } from "./question.logic.ts";

type QuestionFieldProps = {
  question: Question;
  answers: Answers;
  problem: string | null;
  onChoose: (label: string) => void;
  onChange: (answers: Answers) => void;
};

/** One question with the control that fits its kind. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, problem } = props;
  const id = useId();
  return (
    <fieldset aria-describedby={problem ? id : undefined} className="flex min-w-0 flex-col gap-2">
      <legend className="mb-2 text-base">
        {question.header && (
          <span className="block text-xs font-medium text-faint">{visibleText(question.header)}</span>
        )}
        <span className="font-medium whitespace-pre-wrap">{visibleText(question.question)}</span>
        {!question.required && <span className="text-faint"> (optional)</span>}
      </legend>
      <Control {...props} />
      {problem && (
        <p id={id} role="alert" className="text-xs text-failed">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

function Control(props: QuestionFieldProps) {
  const { question, answers, onChange } = props;
  const label = visibleText(question.question);
  const { other } = answerOf(answers, question);
  switch (question.kind) {
    case "single":
    case "boolean":
      return <SingleChoice {...props} />;
    case "multiple":
      return <SeveralChoices {...props} />;
    case "number":
      return (
        <Input
          aria-label={label}
          inputMode="decimal"
          value={other}
          onChange={(event) => onChange(type(answers, question, event.target.value))}
        />
      );
    case "text":
      return (
        <Textarea
          aria-label={label}
          value={other}
          onChange={(event) => onChange(type(answers, question, event.target.value))}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      );
    default:
      return question.kind satisfies never;
  }
}

/** No label of an option can be this, since it is not one of theirs. */
const OTHER = "\u0000other";

function SingleChoice({ question, answers, onChoose, onChange }: QuestionFieldProps) {
  const answer = answerOf(answers, question);
  const choices = choicesOf(question).map((choice, index) => ({
    value: choice.label,
    label: <Numbered number={index + 1}>{visibleText(choice.label)}</Numbered>,
    hint: choice.description ? visibleText(choice.description) : undefined,
  }));
  const other = {
    value: OTHER,
    label: <Numbered number={choices.length + 1}>Other</Numbered>,
    hint: undefined,
  };
  return (
    <>
      <RadioGroup
        label={visibleText(question.question)}
        cards
        items={question.allow_other ? [...choices, other] : choices}
        value={answer.other_on ? OTHER : answer.chosen[0]}
        onValueChange={(value) =>
          value === OTHER ? onChange(pickOther(answers, question)) : onChoose(value)
        }
      />
      {answer.other_on && <OtherText question={question} answers={answers} onChange={onChange} />}
    </>
  );
}

function SeveralChoices({ question, answers, onChoose, onChange }: QuestionFieldProps) {
  const answer = answerOf(answers, question);
  const choices = choicesOf(question);
  return (
    <div className="flex flex-col gap-2">
      {choices.map((choice, index) => (
        <Checkbox
          key={choice.value}
          label={<Numbered number={index + 1}>{visibleText(choice.label)}</Numbered>}
          hint={choice.description ? visibleText(choice.description) : undefined}
          checked={answer.chosen.includes(choice.label)}
          onCheckedChange={() => onChoose(choice.label)}
        />
      ))}
      {question.allow_other && (
        <Checkbox
          label={<Numbered number={choices.length + 1}>Other</Numbered>}
          checked={answer.other_on}
          onCheckedChange={() => onChange(pickOther(answers, question))}
        />
      )}
      {answer.other_on && <OtherText question={question} answers={answers} onChange={onChange} />}
    </div>
  );
}

function OtherText({
  question,
  answers,
  onChange,
}: Pick<QuestionFieldProps, "question" | "answers" | "onChange">) {
  return (
    <Input
      aria-label="Other answer"
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just chose to write it
      autoFocus
      value={answerOf(answers, question).other}
      onChange={(event) => onChange(type(answers, question, event.target.value))}
    />
  );
}

/** A choice with the digit that picks it. */
function Numbered({ number, children }: { number: number; children: string }) {
  return (
    <span className="flex items-baseline justify-between gap-2">
      <span className="min-w-0">{children}</span>
      {number <= 9 && <Kbd keys={String(number)} />}
    </span>
  );
}
