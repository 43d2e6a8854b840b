import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { File as FileIcon, Folder, Slash } from "lucide-react";
import { useEffect, useState } from "react";
import type { AgentCommand } from "#src/domain/agent.ts";
import { fileMentionsQuery } from "#src/web/api/queries/transcript.ts";
import { cn } from "#src/web/ui/cn.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { matching, type Trigger } from "./trigger.logic.ts";

/** One line of the menu: what it puts into the text, and what it says about itself. */
export type Choice = { value: string; detail: string; icon: "command" | "file" | "folder" };

/** What the word under the caret may become; empty when there is nothing to offer. */
export function useChoices(
  trigger: Trigger | null,
  commands: readonly AgentCommand[],
  sandbox_id: string,
  files: boolean,
): readonly Choice[] {
  const wantsFiles = files && trigger?.kind === "file";
  const query = useDelayed(wantsFiles ? trigger.query : "", 120);
  const found = useQuery({
    ...fileMentionsQuery(sandbox_id, query),
    enabled: wantsFiles,
    placeholderData: keepPreviousData,
  });
  if (trigger?.kind === "command") {
    return matching(commands, (command) => command.name, trigger.query).map((command) => ({
      value: command.name,
      detail: [command.hint, command.description].filter(Boolean).join(" · "),
      icon: "command",
    }));
  }
  if (!wantsFiles) return [];
  return (found.data ?? []).map((file) => ({
    value: file.path,
    detail: "",
    icon: file.is_dir ? "folder" : "file",
  }));
}

const icons = {
  command: <Slash size={14} aria-hidden />,
  file: <FileIcon size={14} aria-hidden />,
  folder: <Folder size={14} aria-hidden />,
};

type TriggerMenuProps = {
  id: string;
  label: string;
  choices: readonly Choice[];
  active: number;
  onPick: (choice: Choice) => void;
};

/** The choices above the field. Focus stays in the field; the arrow keys move what is active. */
export function TriggerMenu({ id, label, choices, active, onPick }: TriggerMenuProps) {
  useEffect(() => {
    document.getElementById(optionId(id, active))?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <div
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a select cannot be driven from another field
      role="listbox"
      aria-label={label}
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-64 scroll-column rounded-card border border-border bg-raised p-1 shadow-float"
    >
      {choices.map((choice, index) => (
        <div
          key={choice.value}
          id={optionId(id, index)}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={cn(
            "flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 pointer-coarse:min-h-10",
            index === active && "bg-hover",
          )}
          // Pressing must not take the focus out of the field.
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(choice);
          }}
        >
          <span className="text-faint">{icons[choice.icon]}</span>
          <bdi className="shrink-0 truncate font-mono text-code">{visibleText(choice.value)}</bdi>
          <span className="min-w-0 flex-1 truncate text-xs text-faint">{visibleText(choice.detail)}</span>
        </div>
      ))}
    </div>
  );
}

export function optionId(id: string, index: number): string {
  return `${id}-${index}`;
}

/** A value once it has rested for a while, in milliseconds. */
function useDelayed(value: string, ms: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
