import { useId, useRef, useState } from "react";
import { messageOf } from "#src/web/api/api-error.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { nameProblem, targetOf } from "./file-path.logic.ts";

type NameDialogProps = {
  title: string;
  action: string;
  hint: string;
  initial: string;
  /** Where the name is, and what is there. */
  folder: string;
  taken: readonly string[];
  onSave: (path: string) => Promise<unknown>;
  onClose: () => void;
};

/** Asks for a name in a folder. What is wrong with it is said at the field, also when only the server knows. */
export function NameDialog(props: NameDialogProps) {
  const { title, action, hint, initial, folder, taken, onSave, onClose } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);

  async function save(): Promise<void> {
    const name = typed.trim();
    const wrong =
      initial !== "" && name === initial ? "It is called that already." : nameProblem(folder, name, taken);
    const target = targetOf(folder, name);
    if (wrong !== null || target === null) return setProblem(wrong);
    setSaving(true);
    try {
      await onSave(target);
    } catch (error) {
      setProblem(messageOf(error));
      setSaving(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      size="sm"
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        selectStem(input.current);
      }}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={id} busy={saving}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!saving) void save();
        }}
      >
        <Field label="Name" hint={hint} error={problem} required>
          <Input
            ref={input}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setProblem(null);
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}

/** Begins with the name selected up to its ending, which mostly stays. */
function selectStem(input: HTMLInputElement | null): void {
  const ending = input?.value.lastIndexOf(".") ?? -1;
  input?.focus();
  input?.setSelectionRange(0, ending > 0 ? ending : input.value.length);
}
