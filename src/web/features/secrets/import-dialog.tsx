import { useMutation } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import { useMemo, useState, type ChangeEvent } from "react";
import type { Backend } from "#src/domain/backend.ts";
import type { Secret } from "#src/domain/secret.ts";
import { formatPlural } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { createSecretMutation, updateSecretMutation } from "#src/web/api/queries/secrets.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Dialog } from "#src/web/ui/dialog.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import { ImportPreview } from "./import-preview.tsx";
import { planImport, runImport, type ImportOutcome } from "./import.logic.ts";
import { keeperId, keeperItems, vault } from "./keeper.ts";

type ImportDialogProps = {
  open: boolean;
  secrets: readonly Secret[];
  backends: readonly Backend[];
  onClose: () => void;
};

/** Keeps the values of a `.env`: shows the names first, then how it went with each. */
export function ImportDialog({ open, onClose, ...rest }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Import .env"
      description="Every value becomes a secret of its name. You see the names before anything is kept."
    >
      <Import {...rest} onClose={onClose} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that a pasted text is gone when it closes. */
function Import({ secrets, backends, onClose }: Omit<ImportDialogProps, "open">) {
  const [text, setText] = useState("");
  const [keeper, setKeeper] = useState(vault);
  const [left_out, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<readonly ImportOutcome[] | null>(null);
  const [running, setRunning] = useState(false);
  const create = useMutation(createSecretMutation);
  const update = useMutation(updateSecretMutation);

  const backend_id = keeperId(keeper);
  const plan = useMemo(() => planImport(text, secrets, backend_id ?? null), [text, secrets, backend_id]);
  const chosen = plan.rows.filter(({ name, problem }) => problem === null && !left_out.has(name));
  const keepers = keeperItems(backends, ({ capabilities }) => capabilities.secrets.create);

  const handleFile = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (file) setText(await file.text());
  };
  const handleImport = async () => {
    setRunning(true);
    const writer = {
      create: (name: string, value: string) => create.mutateAsync({ name, value, backend_id }),
      replace: (secret: Secret, value: string) => update.mutateAsync({ secret_id: secret.id, value }),
    };
    setOutcomes(await runImport(chosen, writer, messageOf));
    setRunning(false);
    setText("");
  };

  if (outcomes) return <Outcomes outcomes={outcomes} onClose={onClose} />;
  return (
    <div className="flex flex-col gap-4">
      <Field label="Text" hint="NAME=value on each line; export, comments and quotes are understood.">
        <Textarea
          value={text}
          onChange={(event) => setText(event.target.value)}
          rows={5}
          placeholder={"GITHUB_TOKEN=…\nDATABASE_URL=…"}
          autoComplete="off"
          spellCheck={false}
          mono
        />
      </Field>
      <label className="flex flex-wrap items-center gap-2 text-muted">
        Or a file
        <input
          type="file"
          onChange={(event) => void handleFile(event)}
          className="min-w-0 text-xs file:mr-2 file:h-7 file:rounded-control file:border file:border-border file:bg-bg file:px-2 file:text-text hover:file:bg-hover"
        />
      </label>
      {keepers.length > 1 && (
        <Field label="Kept by">
          <Select value={keeper} onValueChange={setKeeper} items={keepers} />
        </Field>
      )}
      <ImportPreview
        plan={plan}
        left_out={left_out}
        onToggle={(name, chosen_now) => {
          const next = new Set(left_out);
          if (chosen_now) next.delete(name);
          else next.add(name);
          setLeftOut(next);
        }}
      />
      <div className="flex justify-end gap-2">
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button
          variant="primary"
          busy={running}
          disabled={chosen.length === 0}
          onClick={() => void handleImport()}
        >
          {chosen.length === 0 ? "Keep secrets" : `Keep ${formatPlural(chosen.length, "secret")}`}
        </Button>
      </div>
    </div>
  );
}

const words: Readonly<Record<ImportOutcome["result"], string>> = {
  created: "kept",
  updated: "value replaced",
  failed: "not kept",
};

function Outcomes({ outcomes, onClose }: { outcomes: readonly ImportOutcome[]; onClose: () => void }) {
  const failed = outcomes.filter(({ result }) => result === "failed").length;
  return (
    <div className="flex flex-col gap-3">
      <output className="font-medium">
        {formatPlural(outcomes.length - failed, "secret")} kept{failed > 0 && `, ${failed} failed`}
      </output>
      <ul aria-label="Results" className="divide-y divide-border rounded-control border border-border">
        {outcomes.map(({ name, result, error }) => (
          <li key={name} className="flex items-start gap-2 px-2.5 py-1.5">
            {result === "failed" ? (
              <CircleX size={14} aria-hidden className="mt-[3px] shrink-0 text-failed" />
            ) : (
              <CircleCheck size={14} aria-hidden className="mt-[3px] shrink-0 text-ok" />
            )}
            <code className="font-mono">{name}</code>
            <span className="text-muted">
              {words[result]}
              {error && `: ${error}`}
            </span>
          </li>
        ))}
      </ul>
      <Button className="self-end" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}
