import { useQuery } from "@tanstack/react-query";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { newSessionOptionsQuery } from "#src/web/api/queries/sandboxes.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";
import { configProblem, type SessionSetup } from "./session-setup.logic.ts";

type SessionSetupFieldsProps = {
  sandbox: Sandbox;
  agent: string | undefined;
  setup: SessionSetup;
  onChange: (setup: SessionSetup) => void;
};

/** What is chosen once, when a session starts: options that stay, its folder, its MCP servers and skills. */
export function SessionSetupFields({ sandbox, agent, setup, onChange }: SessionSetupFieldsProps) {
  const { data: offered = [] } = useQuery(newSessionOptionsQuery(sandbox.id, agent));
  const { data: backends } = useQuery(backendsQuery());
  const can = backends?.find(({ id }) => id === sandbox.backend_id)?.capabilities;
  return (
    <>
      {offered.length > 0 && (
        <div className="grid grid-cols-2 gap-3">
          {offered.map(({ id, name, value, choices }) => (
            <Field key={id} label={visibleText(name)}>
              <Select
                value={setup.options[id] ?? (String(value) || undefined)}
                onValueChange={(next) => onChange({ ...setup, options: { ...setup.options, [id]: next } })}
                placeholder="The agent's own"
                items={choices.map((choice) => ({
                  value: choice.value,
                  label: visibleText(choice.name),
                  detail: choice.description && visibleText(choice.description),
                }))}
              />
            </Field>
          ))}
        </div>
      )}
      {can && (can.sandboxes.files || can.sessions.mcp || can.sessions.skills) && (
        <Disclosure summary="More">
          <div className="flex flex-col gap-3 pt-2">
            {can.sandboxes.files && (
              <Field label="Folder" hint="Where the agent works; blank is the sandbox's own.">
                <Input
                  value={setup.directory}
                  onChange={(event) => onChange({ ...setup, directory: event.target.value })}
                  autoComplete="off"
                  spellCheck={false}
                  mono
                />
              </Field>
            )}
            {can.sessions.mcp && (
              <Field
                label="MCP servers"
                hint="JSON by name. It stays readable in the session's details: name secrets, do not write them."
                error={configProblem(setup.mcp)}
              >
                <Textarea
                  value={setup.mcp}
                  onChange={(event) => onChange({ ...setup, mcp: event.target.value })}
                  placeholder='{"docs": {"type": "local", "command": "npx", "args": ["-y", "docs-mcp"]}}'
                  rows={2}
                  spellCheck={false}
                  mono
                />
              </Field>
            )}
            {can.sessions.skills && (
              <Field label="Skills" hint="JSON with their sources." error={configProblem(setup.skills)}>
                <Textarea
                  value={setup.skills}
                  onChange={(event) => onChange({ ...setup, skills: event.target.value })}
                  placeholder='{"sources": [{"type": "github", "source": "acme/skills"}]}'
                  rows={2}
                  spellCheck={false}
                  mono
                />
              </Field>
            )}
          </div>
        </Disclosure>
      )}
    </>
  );
}
